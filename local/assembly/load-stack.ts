import { loadAssembly } from './load.ts';
import { readBusSchedules } from './read-bus-schedules.ts';
import { readFunctions } from './read-functions.ts';
import { readHttpApi } from './read-http-api.ts';
import { readAlarms, readDashboards } from './read-monitoring.ts';
import { readKeys, readQueues, readRules, readTables } from './read-services.ts';
import type { DeploymentContext } from './resource-type.ts';
import { resolveResources } from './resources.ts';
import type { Stack } from './stack.ts';
import { parseTemplate } from './template.ts';

/** Reads a synthesized stack. Throws an error that names the first element that the local cloud does not support. */
export async function loadStack(
  directory: string,
  deployment: Omit<DeploymentContext, 'stackName'>,
): Promise<Stack> {
  const assembly = await loadAssembly(directory);
  const { stackName } = assembly;
  const resources = resolveResources(parseTemplate(assembly.template), { ...deployment, stackName });
  return {
    name: stackName,
    ...readQueues(resources),
    tables: readTables(resources),
    keys: readKeys(resources),
    ...readRules(resources),
    busSchedules: readBusSchedules(resources),
    ...readFunctions(resources, assembly),
    httpApi: readHttpApi(resources),
    alarms: readAlarms(resources),
    dashboards: readDashboards(resources),
    outputs: resources.outputs,
  };
}

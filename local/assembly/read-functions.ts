import { CONCURRENCY_OF_A_POLLER } from '../../lib/shared/pollers.ts';
import type { Assembly } from './load.ts';
import { RESOURCE_TYPES } from './resource-types/index.ts';
import type { IdentityPolicy } from './resource-types/policy-document.ts';
import type { Resources } from './resources.ts';
import type { FunctionSettings, InvokePermission, MappingSettings, Stack } from './stack.ts';

/** Lambda quota: the total size of a function's environment variables. */
const MAX_ENVIRONMENT_BYTES = 4096;

type Functions = Pick<Stack, 'functions' | 'mappings' | 'permissions'>;

export function readFunctions(resources: Resources, assembly: Assembly): Functions {
  const arns = functionArns(resources);
  const roles = readRoles(resources);

  const functions = resources.all(RESOURCE_TYPES.lambdaFunction).map((resource): FunctionSettings => {
    const { logicalId, name, properties, attribute } = resource;
    const arn = attribute('Arn');
    const role = roles.get(properties.Role);
    if (role === undefined)
      throw new Error(`function ${logicalId}: its role ${properties.Role} is not in the template`);
    const environment = properties.Environment?.Variables ?? {};
    checkEnvironment(logicalId, environment);
    const reserved = properties.ReservedConcurrentExecutions;
    return {
      logicalId,
      name,
      arn,
      role,
      directory: assembly.assetDirectory(properties.Code.S3Key),
      handler: properties.Handler,
      environment,
      memoryMb: properties.MemorySize,
      timeoutMs: properties.Timeout * 1000,
      ...(reserved === undefined ? {} : { reservedConcurrency: reserved }),
      logGroupName: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
      ...readLogging(properties.LoggingConfig ?? {}),
    };
  });
  return {
    functions,
    mappings: readMappings(resources, arns),
    permissions: readPermissions(resources, arns),
  };
}

/** Lambda filters by level only with the format JSON. Both levels are INFO by default. */
function readLogging(config: {
  readonly LogFormat?: string | undefined;
  readonly ApplicationLogLevel?: string | undefined;
  readonly SystemLogLevel?: string | undefined;
}): Pick<FunctionSettings, 'jsonLogging'> {
  if (config.LogFormat !== 'JSON') return {};
  return {
    jsonLogging: {
      // The lines START, END and REPORT have the level INFO.
      logsInvocations: config.SystemLogLevel !== 'WARN',
      applicationLevel: config.ApplicationLogLevel ?? 'INFO',
    },
  };
}

function checkEnvironment(logicalId: string, environment: Record<string, string>): void {
  const bytes = Buffer.byteLength(Object.entries(environment).flat().join(''));
  if (bytes <= MAX_ENVIRONMENT_BYTES) return;
  throw new Error(
    `function ${logicalId}: its environment variables have ${bytes} bytes; shorten them to ${MAX_ENVIRONMENT_BYTES}, which is Lambda's limit`,
  );
}

/** A template refers to a function by its name, its ARN or the ARN of its alias. */
export function functionArns(resources: Resources): (nameOrArn: string) => string {
  const arns = new Map<string, string>();
  for (const { name, attribute } of resources.all(RESOURCE_TYPES.lambdaFunction)) {
    arns.set(name, attribute('Arn')).set(attribute('Arn'), attribute('Arn'));
  }
  for (const { ref, properties } of resources.all(RESOURCE_TYPES.functionAlias)) {
    const arn = arns.get(properties.FunctionName);
    if (arn !== undefined) arns.set(ref, arn).set(`${properties.FunctionName}:${properties.Name}`, arn);
  }
  return (nameOrArn) => {
    const arn = arns.get(nameOrArn);
    if (arn === undefined)
      throw new Error(`the template refers to the function ${nameOrArn}, which it does not contain`);
    return arn;
  };
}

/** The roles by ARN. */
export function readRoles(resources: Resources): Map<string, { name: string; policies: IdentityPolicy[] }> {
  const attached = resources.all(RESOURCE_TYPES.policy);
  const usedBy = new Map(
    resources
      .all(RESOURCE_TYPES.lambdaFunction)
      .map(({ logicalId, properties }) => [properties.Role, logicalId]),
  );
  return new Map(
    resources.all(RESOURCE_TYPES.role).map(({ name, attribute, properties }) => {
      const user = usedBy.get(attribute('Arn'));
      // The document of a managed policy is not in the template, so its permissions cannot be checked.
      if (user !== undefined && properties.ManagedPolicyArns.length > 0) {
        throw new Error(
          `function ${user}: its role has managed policies, whose documents the local cloud does not have; give it inline policies`,
        );
      }
      const inline = properties.Policies.map(({ PolicyDocument }) => PolicyDocument);
      const attachedPolicies = attached
        .filter(({ properties: { Roles } }) => Roles.includes(name))
        .map(({ properties: { PolicyDocument } }) => PolicyDocument);
      return [attribute('Arn'), { name, policies: [...inline, ...attachedPolicies] }];
    }),
  );
}

function readMappings(resources: Resources, arnOf: (nameOrArn: string) => string): MappingSettings[] {
  const enabled = resources
    .all(RESOURCE_TYPES.eventSourceMapping)
    .filter(({ properties }) => properties.Enabled);
  return enabled.map(({ logicalId, properties }) => {
    const { ScalingConfig, ProvisionedPollerConfig } = properties;
    if (ScalingConfig !== undefined && ProvisionedPollerConfig !== undefined) {
      throw new Error(`${logicalId} has both ScalingConfig and ProvisionedPollerConfig; Lambda takes one`);
    }
    const concurrencyOfPollers =
      ProvisionedPollerConfig && ProvisionedPollerConfig.MaximumPollers * CONCURRENCY_OF_A_POLLER;
    const maximumConcurrency = ScalingConfig?.MaximumConcurrency ?? concurrencyOfPollers;
    return {
      logicalId,
      functionArn: arnOf(properties.FunctionName),
      queueArn: properties.EventSourceArn,
      batchSize: properties.BatchSize,
      windowMs: properties.MaximumBatchingWindowInSeconds * 1000,
      reportsBatchItemFailures: properties.FunctionResponseTypes.length > 0,
      ...(maximumConcurrency === undefined ? {} : { maximumConcurrency }),
    };
  });
}

function readPermissions(resources: Resources, arnOf: (nameOrArn: string) => string): InvokePermission[] {
  return resources.all(RESOURCE_TYPES.permission).map(({ properties }) => ({
    functionArn: arnOf(properties.FunctionName),
    principal: properties.Principal,
    ...(properties.SourceArn === undefined ? {} : { sourceArn: properties.SourceArn }),
  }));
}

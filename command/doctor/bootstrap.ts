import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { isJsonObject } from '../../lambdas/shared/domain/json-object.ts';
import type { ClientSettings } from '../shared/client-settings.ts';
import { isMissingStack } from '../shared/describe-stack.ts';
import { type Check, type Finding, notChecked, ok, problem } from './check.ts';
import { objectIn } from './read-template.ts';

/** The stack that `cdk bootstrap` creates, unless it is given another name. */
const TOOLKIT = 'CDKToolkit';

/** What a template of CDK demands of the bootstrap stack of its account and region. */
export interface Demand {
  /** Distinguishes several bootstrap stacks. */
  readonly qualifier: string;
  readonly minimum: number;
}

/**
 * Whether the next deployment accepts the bootstrap stack: CloudFormation refuses one whose version the template's rule
 * excludes. When no stack of the default name has the template's qualifier, the version of the last deployment is compared.
 */
export const bootstrap: Check = {
  name: 'bootstrap',
  needsAws: true,
  async run({ template, target: { clientSettings, deployment } }) {
    const demand = demandIn(await template());
    if (demand === undefined) return notChecked('the template does not ask for a bootstrap version');
    const current = await readVersion(demand.qualifier, clientSettings);
    if (current !== undefined) return judge(current, demand.minimum, `of the stack ${TOOLKIT}`);
    const { bootstrapVersion } = deployment ?? {};
    return bootstrapVersion === undefined
      ? notChecked(`no stack ${TOOLKIT} has the qualifier ${demand.qualifier}`)
      : judge(bootstrapVersion, demand.minimum, 'at the last deployment');
  },
};

function judge(version: string, minimum: number, where: string): Finding {
  const what = `CDK bootstrap version ${version} ${where}; the template needs ${minimum} or newer`;
  return Number(version) >= minimum
    ? ok(what)
    : problem(
        what,
        'run "npx cdk bootstrap" for the account and region of the stack, before the next deployment',
      );
}

/** The rule that CDK writes lists the versions that are too old: `"1"` to the one before the minimum. */
export function demandIn(template: unknown): Demand | undefined {
  const { Default: parameter } = objectIn(objectIn(template, 'Parameters'), 'BootstrapVersion');
  const { Assertions: assertions } = objectIn(objectIn(template, 'Rules'), 'CheckBootstrapVersion');
  const qualifier = /^\/cdk-bootstrap\/(.+)\/version$/.exec(String(parameter))?.[1];
  const refused = textsIn(assertions).filter((text) => /^\d+$/.test(text));
  if (qualifier === undefined || refused.length === 0) return undefined;
  return { qualifier, minimum: Math.max(...refused.map(Number)) + 1 };
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

async function readVersion(qualifier: string, clientSettings: ClientSettings): Promise<string | undefined> {
  const cloudFormation = new CloudFormationClient(clientSettings);
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: TOOLKIT }));
    return Stacks.filter((stack) => qualifierOf(stack) === qualifier)[0]?.Outputs?.find(
      ({ OutputKey }) => OutputKey === 'BootstrapVersion',
    )?.OutputValue;
  } catch (error) {
    if (isMissingStack(error)) return undefined;
    throw error;
  } finally {
    cloudFormation.destroy();
  }
}

function qualifierOf({ Parameters = [] }: Stack): string | undefined {
  return Parameters.find(({ ParameterKey }) => ParameterKey === 'Qualifier')?.ParameterValue;
}

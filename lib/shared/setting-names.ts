import { InputError } from './input.ts';
import { quote } from './shell.ts';

/** The settings of an operator. `docs/settings.md` describes each. */
export const SETTING_NAMES = [
  'stackName',
  'eventCatalogue',
  'validateEvents',
  'retryDelays',
  'maxRetryAfter',
  'successStatus',
  'forwardTraceparent',
  'xrayTracing',
  'disableAfter',
  'eventBusName',
  'eventPattern',
  'removalPolicy',
  'tableProtection',
  'multiRegionKey',
  'primaryKeyArn',
  'gradualDeployment',
  'staticAddresses',
  'apiDomain',
  'apiWebAclArn',
  'publisherAccounts',
  'publisherOrganization',
  'allowPrivateEndpoints',
  'corsOrigins',
  'logRetentionDays',
  'recordRetentionDays',
  'apiRequestsPerSecond',
  'apiBurst',
  'recoveryRate',
  'concurrency',
  'eventBatchingWindow',
  'firstLanePollers',
  'alarms',
  'pageTopicArn',
  'ticketTopicArn',
  'alarmThresholds',
  'disabledAlarms',
  'runbookUrl',
  'console',
  'consoleEmbeddedBy',
  'portal',
  'consoleUrl',
  'dashboard',
  'canary',
] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

export const CONTEXT_PREFIX = 'webhook-fanout:';
const VARIABLE_PREFIX = 'WEBHOOK_FANOUT_';

/** Environment variable, `true` or `false`: whether `cdk synth` runs its checks. */
export const CHECKS_VARIABLE = `${VARIABLE_PREFIX}CHECKS`;

/** Environment variable, `true` or `false`: whether functions are built for a debugger, with source maps and not minified. */
export const SOURCE_MAPS_VARIABLE = `${VARIABLE_PREFIX}SOURCE_MAPS`;

/** Names that are probably intended for this app, also when they are misspelt. */
const LIKELY_OURS = /^webhook[-_.]?fanout/i;

/** `allowPrivateEndpoints` is WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS. */
export function variableName(name: SettingName): string {
  return VARIABLE_PREFIX + name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** A message about an environment variable that looks like a setting but is not one. Undefined when there is none. */
export function findUnknownVariable(variables: NodeJS.ProcessEnv): string | undefined {
  const known = [...SETTING_NAMES.map(variableName), CHECKS_VARIABLE, SOURCE_MAPS_VARIABLE];
  const unknown = Object.keys(variables).find((name) => LIKELY_OURS.test(name) && !known.includes(name));
  if (unknown === undefined) return undefined;
  return `The environment variable ${unknown} is unknown; the known ones are: ${known.join(', ')}. Correct its name, or remove it:\n  unset ${quote(unknown)}`;
}

/** Throws when a context key or an environment variable looks like a setting but is not one. */
export function refuseUnknownNames(context: Record<string, unknown>, variables: NodeJS.ProcessEnv): void {
  const known: readonly string[] = SETTING_NAMES.map((name) => CONTEXT_PREFIX + name);
  const unknownKey = Object.keys(context).find((key) => LIKELY_OURS.test(key) && !known.includes(key));
  if (unknownKey !== undefined) {
    throw new InputError(
      `The context key ${unknownKey} is unknown; the known ones are: ${known.join(', ')}. Correct its name after -c or in cdk.json.`,
    );
  }
  const unknownVariable = findUnknownVariable(variables);
  if (unknownVariable !== undefined) throw new InputError(unknownVariable);
}

import { InputError } from './input.ts';
import { quote } from './shell.ts';

/** What an operator can set without code. `docs/settings.md` describes each. */
export const SETTING_NAMES = [
  'stackName',
  'eventCatalogue',
  'retryDelays',
  'successStatus',
  'eventBusName',
  'eventPattern',
  'removalPolicy',
  'allowPrivateEndpoints',
  'logRetentionDays',
  'recordRetentionDays',
  'apiRequestsPerSecond',
  'apiBurst',
  'concurrency',
  'firstLanePollers',
] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

export const CONTEXT_PREFIX = 'webhook-fanout:';
const VARIABLE_PREFIX = 'WEBHOOK_FANOUT_';

/** Environment variable, `true` or `false`: whether `cdk synth` runs its checks. */
export const CHECKS_VARIABLE = `${VARIABLE_PREFIX}CHECKS`;

/** Names that are meant for this app, however they are written. */
const OURS = /^webhook[-_.]?fanout/i;

/** `allowPrivateEndpoints` is WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS. */
export function variableName(name: SettingName): string {
  return VARIABLE_PREFIX + name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** Says which environment variable looks like a setting and is none; undefined when every one is known. */
export function findUnknownVariable(variables: NodeJS.ProcessEnv): string | undefined {
  const known = [...SETTING_NAMES.map(variableName), CHECKS_VARIABLE];
  const unknown = Object.keys(variables).find((name) => OURS.test(name) && !known.includes(name));
  if (unknown === undefined) return undefined;
  return `The environment variable ${unknown} is unknown; these are read: ${known.join(', ')}. Correct its name, or remove it:\n  unset ${quote(unknown)}`;
}

/** Throws when a name looks like one of a setting and is none. */
export function refuseUnknownNames(context: Record<string, unknown>, variables: NodeJS.ProcessEnv): void {
  const known: readonly string[] = SETTING_NAMES.map((name) => CONTEXT_PREFIX + name);
  const unknownKey = Object.keys(context).find((key) => OURS.test(key) && !known.includes(key));
  if (unknownKey !== undefined) {
    throw new InputError(
      `The context key ${unknownKey} is unknown; these are read: ${known.join(', ')}. Correct its name after -c or in cdk.json.`,
    );
  }
  const unknownVariable = findUnknownVariable(variables);
  if (unknownVariable !== undefined) throw new InputError(unknownVariable);
}

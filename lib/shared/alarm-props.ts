import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { InputError, isRecord, show } from './input.ts';

/** The alarms of a deployment, and whom they notify. `docs/runbook.md` describes each alarm. */
export interface AlarmProps {
  /**
   * Whether the deployment has alarms.
   *
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Is notified when an alarm of severity `page` begins or ends: an operator must act now.
   *
   * @default - nobody
   */
  readonly pageTopic?: ITopic;
  /**
   * Is notified when an alarm begins or ends that can wait until working hours.
   *
   * @default - nobody
   */
  readonly ticketTopic?: ITopic;
  /**
   * Actions of your own, in addition to `pageTopic`.
   *
   * @default - none
   */
  readonly pageActions?: IAlarmAction[];
  /**
   * Actions of your own, in addition to `ticketTopic`.
   *
   * @default - none
   */
  readonly ticketActions?: IAlarmAction[];
  /**
   * Other thresholds, by the name of the alarm without the deployment, such as `{ 'late-events': 300 }`. The unit is
   * that of the alarm.
   *
   * @default - the thresholds in `docs/runbook.md`
   */
  readonly thresholds?: { readonly [alarm: string]: number };
  /**
   * Names of alarms that are not created.
   *
   * @default - none
   */
  readonly disabled?: string[];
  /**
   * The address of the runbook in the alarms' descriptions, without a fragment.
   *
   * @default 'webhook-fanout/docs/runbook.md', a file of the package
   */
  readonly runbookUrl?: string;
}

/** The package has this file, in the `node_modules` of an app. */
export const DEFAULT_RUNBOOK_URL = 'webhook-fanout/docs/runbook.md';

const isList = (value: unknown, accepts: (entry: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(accepts);
const isTopic = (value: unknown): boolean => isRecord(value) && 'topicArn' in value;
const isAction = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'bind' in value && typeof value.bind === 'function';
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isThreshold = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** Whether an alarm can have the name. Whether one has it is known when all are created. */
export function isAlarmName(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z0-9-]+$/.test(value);
}

export function isThresholds(value: unknown): value is Record<string, number> {
  return isRecord(value) && Object.keys(value).every(isAlarmName) && Object.values(value).every(isThreshold);
}

const RULES: {
  readonly [Name in keyof AlarmProps]-?: {
    readonly expected: string;
    readonly accepts: (value: unknown) => boolean;
  };
} = {
  enabled: { expected: 'true or false', accepts: (value) => typeof value === 'boolean' },
  pageTopic: { expected: 'an SNS topic', accepts: isTopic },
  ticketTopic: { expected: 'an SNS topic', accepts: isTopic },
  pageActions: { expected: 'a list of alarm actions', accepts: (value) => isList(value, isAction) },
  ticketActions: { expected: 'a list of alarm actions', accepts: (value) => isList(value, isAction) },
  thresholds: {
    expected: 'an object with a number from 0 for each name of an alarm',
    accepts: isThresholds,
  },
  disabled: { expected: 'a list of names of alarms', accepts: (value) => isList(value, isAlarmName) },
  runbookUrl: { expected: 'the address of the runbook', accepts: isText },
};

/** The given props. Throws on an unknown one, and on a value that its type does not allow. */
export function readAlarmProps(given: AlarmProps): AlarmProps {
  if (!isRecord(given)) throw new InputError(`alarms is ${show(given)}; expected: an object.`);
  for (const [name, value] of Object.entries(given)) {
    if (!isName(name)) {
      throw new InputError(
        `alarms.${name} is unknown; expected: ${Object.keys(RULES).join(', ')}. Correct the name or leave it out.`,
      );
    }
    if (value === undefined || RULES[name].accepts(value)) continue;
    throw new InputError(
      `alarms.${name} is ${show(value)}; expected: ${RULES[name].expected}. Leave it out for the default.`,
    );
  }
  return given;
}

function isName(name: string): name is keyof AlarmProps {
  return Object.hasOwn(RULES, name);
}

import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { WebhookFanoutProps } from '../webhook-fanout.ts';
import { InputError, isRecord, show } from './input.ts';
import { isThrottling, LIMIT_RULE } from './throttling.ts';

interface Rule {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

/** DynamoDB and KMS have no snapshot for CloudFormation to keep. */
const REMOVAL_POLICIES: readonly unknown[] = [
  RemovalPolicy.RETAIN,
  RemovalPolicy.DESTROY,
  RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
];

const RETENTIONS: readonly unknown[] = Object.values(RetentionDays);

/** Checked where it is read, with a message of its own. */
const READ_LATER: Rule = { expected: '', accepts: () => true };

/** What the types say, for callers whose values bypass them: `'false'` would switch on what it should not. */
const RULES: { readonly [Name in keyof WebhookFanoutProps]-?: Rule } = {
  eventCatalogue: { expected: 'the path of a JSON file', accepts: (value) => typeof value === 'string' },
  retryDelays: READ_LATER,
  successStatus: { expected: "'200' or '2xx'", accepts: (value) => value === '200' || value === '2xx' },
  eventBus: {
    expected: "an event bus, such as EventBus.fromEventBusName(this, 'Bus', 'shop')",
    accepts: (value) => typeof value === 'object' && value !== null && 'eventBusRef' in value,
  },
  eventPattern: READ_LATER,
  removalPolicy: {
    expected: 'RemovalPolicy.RETAIN, DESTROY or RETAIN_ON_UPDATE_OR_DELETE',
    accepts: (value) => REMOVAL_POLICIES.includes(value),
  },
  allowPrivateEndpoints: { expected: 'true or false', accepts: (value) => typeof value === 'boolean' },
  logRetention: {
    expected: 'a value of RetentionDays, such as RetentionDays.ONE_MONTH',
    accepts: (value) => typeof value === 'number' && RETENTIONS.includes(value),
  },
  recordRetention: READ_LATER,
  throttling: {
    expected: `an object with requestsPerSecond and burst, each ${LIMIT_RULE}`,
    accepts: isThrottling,
  },
  concurrency: READ_LATER,
  firstLanePollers: READ_LATER,
};

/** Throws on a prop that does not exist and on a value that its type does not allow. */
export function checkProps(props: WebhookFanoutProps): void {
  if (!isRecord(props)) throw new InputError(`The props are ${show(props)}; expected is an object.`);
  for (const [name, value] of Object.entries(props)) {
    if (!isProp(name)) {
      throw new InputError(
        `${show(name)} is no prop of WebhookFanout; these are: ${Object.keys(RULES).join(', ')}. Correct its name or leave it out.`,
      );
    }
    if (value === undefined || RULES[name].accepts(value)) continue;
    throw new InputError(
      `${name} is ${show(value)}; expected is ${RULES[name].expected}. Leave it out for the default.`,
    );
  }
}

function isProp(name: string): name is keyof WebhookFanoutProps {
  return Object.hasOwn(RULES, name);
}

import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { EVENT_VALIDATIONS } from '../../lambdas/shared/domain/event.ts';
import type { WebhookFanoutProps } from '../webhook-fanout-props.ts';
import { WEB_ACL_RULE } from './api-address.ts';
import { InputError, isRecord, show } from './input.ts';
import { isRecoveryRate, RECOVERY_RATE_RULE } from './recovery-rate.ts';
import { isThrottling, LIMIT_RULE } from './throttling.ts';

interface PropRule {
  /** What is allowed, in words. */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

/** SNAPSHOT is not allowed: CloudFormation has no snapshots of DynamoDB tables and KMS keys. */
const REMOVAL_POLICIES: readonly unknown[] = [
  RemovalPolicy.RETAIN,
  RemovalPolicy.DESTROY,
  RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
];

const RETENTIONS: readonly unknown[] = Object.values(RetentionDays);

/** The rule of a prop that is checked where it is read, with a more specific message. */
const CHECKED_LATER: PropRule = { expected: '', accepts: () => true };

const FLAG: PropRule = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' };

/** Repeats the types at run time, for callers in JavaScript: without it, the text 'false' would enable an option. */
const RULES: { readonly [Name in keyof WebhookFanoutProps]-?: PropRule } = {
  eventCatalogue: { expected: 'the path of a JSON file', accepts: (value) => typeof value === 'string' },
  validateEvents: {
    expected: "'off', 'warn' or 'refuse'",
    accepts: (value) => EVENT_VALIDATIONS.some((allowed) => allowed === value),
  },
  retryDelays: CHECKED_LATER,
  maxRetryAfter: CHECKED_LATER,
  successStatus: { expected: "'200' or '2xx'", accepts: (value) => value === '200' || value === '2xx' },
  forwardTraceparent: FLAG,
  xrayTracing: FLAG,
  disableAfter: CHECKED_LATER,
  eventBus: {
    expected: "an event bus, such as EventBus.fromEventBusName(this, 'Bus', 'shop')",
    accepts: (value) => typeof value === 'object' && value !== null && 'eventBusRef' in value,
  },
  eventPattern: CHECKED_LATER,
  removalPolicy: {
    expected: 'RemovalPolicy.RETAIN, DESTROY or RETAIN_ON_UPDATE_OR_DELETE',
    accepts: (value) => REMOVAL_POLICIES.includes(value),
  },
  tableProtection: CHECKED_LATER,
  multiRegionKey: FLAG,
  primaryKeyArn: CHECKED_LATER,
  gradualDeployment: FLAG,
  senderNetwork: CHECKED_LATER,
  apiDomain: CHECKED_LATER,
  apiWebAclArn: { expected: WEB_ACL_RULE, accepts: (value) => typeof value === 'string' },
  publishers: CHECKED_LATER,
  allowPrivateEndpoints: FLAG,
  corsOrigins: CHECKED_LATER,
  logRetention: {
    expected: 'a value of RetentionDays, such as RetentionDays.ONE_MONTH',
    accepts: (value) => typeof value === 'number' && RETENTIONS.includes(value),
  },
  recordRetention: CHECKED_LATER,
  throttling: {
    expected: `an object with requestsPerSecond and burst, each ${LIMIT_RULE}`,
    accepts: isThrottling,
  },
  recoveryRate: { expected: RECOVERY_RATE_RULE, accepts: isRecoveryRate },
  concurrency: CHECKED_LATER,
  eventBatchingWindow: CHECKED_LATER,
  firstLanePollers: CHECKED_LATER,
  alarms: CHECKED_LATER,
  console: FLAG,
  consoleEmbeddedBy: CHECKED_LATER,
  portal: FLAG,
  consoleUrl: CHECKED_LATER,
  dashboard: FLAG,
  canary: FLAG,
};

/** Throws on an unknown prop, and on a value that the prop's type does not allow. */
export function checkProps(props: WebhookFanoutProps): void {
  if (!isRecord(props)) throw new InputError(`The props are ${show(props)}; expected: an object.`);
  for (const [name, value] of Object.entries(props)) {
    if (!isProp(name)) {
      throw new InputError(
        `${show(name)} is not a prop of WebhookFanout; its props are: ${Object.keys(RULES).join(', ')}. Correct the name or leave it out.`,
      );
    }
    if (value === undefined || RULES[name].accepts(value)) continue;
    throw new InputError(
      `${name} is ${show(value)}; expected: ${RULES[name].expected}. Leave it out for the default.`,
    );
  }
}

function isProp(name: string): name is keyof WebhookFanoutProps {
  return Object.hasOwn(RULES, name);
}

import { type Clock, sleep } from '../lambdas/shared/runtime/clock.ts';
import { allowsService } from './assembly/resource-policy.ts';
import type { RuleTarget, Stack } from './assembly/stack.ts';
import { type AwsCalls, AwsError, EVENTBRIDGE, type Json } from './aws-calls.ts';
import type { RuleOutcome } from './cloudwatch/services/events.ts';
import type { Rule } from './events/event.ts';
import type { FaultPoints } from './faults/fault-points.ts';
import type { SqsEngine } from './sqs/engine.ts';
import type { QueueSettings } from './sqs/settings.ts';

/** Waits between attempts while SQS fails. EventBridge's waits grow, too; their values are not documented. */
const FIRST_RETRY_WAIT_MS = 1_000;
const LONGEST_RETRY_WAIT_MS = 60_000;

export interface RuleTargetsDependencies {
  readonly stack: Pick<Stack, 'rules' | 'queuePolicies'>;
  readonly calls: AwsCalls;
  readonly faults: Pick<FaultPoints, 'secondDeliveryAfterMs'>;
  readonly queues: Pick<SqsEngine, 'queueByArn'>;
  readonly clock: Clock;
  /** Called when an event was sent to a target, or when the bus makes no further attempt. */
  readonly onOutcome?: (rule: Rule, outcome: RuleOutcome) => void;
  /** Called with each event that is lost. */
  readonly onProblem: (problem: string) => void;
}

export interface RuleTargets {
  /** Sends a matched event, as text, to the targets of its rule. */
  deliver(rule: Rule, text: string): void;
  /** Drops the events that wait for another attempt. */
  stop(): void;
}

/** Why an event was not sent to a queue. The codes are those of EventBridge's dead-letter queues. */
interface Failure {
  readonly code: 'NO_PERMISSIONS' | 'NO_RESOURCE' | 'SDK_CLIENT_ERROR' | 'ERROR_FROM_TARGET';
  readonly message: string;
  /** The limit of the retry policy that was reached; absent if the failure is not retried. */
  readonly exhausted?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
  readonly retries?: number;
}

/**
 * Sends matched events to queues whose policy allows it. An event that cannot be sent is sent to the target's dead-letter
 * queue. If that fails, too, the event is lost, and reported.
 */
export function createRuleTargets(deps: RuleTargetsDependencies): RuleTargets {
  const { stack, calls, queues, clock } = deps;
  const stopping = new AbortController();

  const report = (rule: Rule, outcome: RuleOutcome): void => deps.onOutcome?.(rule, outcome);

  const isAllowed = (queue: QueueSettings, rule: Pick<Rule, 'arn'>): boolean => {
    const documents = stack.queuePolicies
      .filter(({ queueUrls }) => queueUrls.includes(queue.url))
      .map(({ document }) => document);
    const request = {
      service: EVENTBRIDGE,
      action: 'sqs:SendMessage',
      resource: queue.arn,
      sourceArn: rule.arn,
    };
    return allowsService(documents, request);
  };

  /** Undefined if the event was sent. */
  const send = async (
    rule: Pick<Rule, 'arn'>,
    queueArn: string,
    text: string,
    attributes: Json = {},
  ): Promise<Failure | undefined> => {
    const queue = queues.queueByArn(queueArn);
    if (queue === undefined) return { code: 'NO_RESOURCE', message: `there is no queue ${queueArn}` };
    if (!isAllowed(queue, rule)) {
      return {
        code: 'NO_PERMISSIONS',
        message: `the policy of ${queue.name} does not allow the rule to send`,
      };
    }
    try {
      await calls.call({
        principal: EVENTBRIDGE,
        service: 'sqs',
        action: 'SendMessage',
        input: { QueueUrl: queue.url, MessageBody: text, MessageAttributes: attributes },
      });
      return undefined;
    } catch (error) {
      const isRefusal = error instanceof AwsError && error.status < 500;
      return { code: isRefusal ? 'SDK_CLIENT_ERROR' : 'ERROR_FROM_TARGET', message: String(error) };
    }
  };

  /** Repeats the send while SQS fails, within the target's retry policy. */
  const sendToTarget = async (rule: Rule, target: RuleTarget, text: string): Promise<Failure | undefined> => {
    const giveUpAt = clock.now() + target.maximumEventAgeMs;
    for (let retries = 0; ; retries++) {
      const failure = await send(rule, target.queueArn, text);
      if (failure?.code !== 'ERROR_FROM_TARGET') return failure;
      const waitMs = Math.min(FIRST_RETRY_WAIT_MS * 2 ** retries, LONGEST_RETRY_WAIT_MS);
      const exhausted = whyExhausted(target, retries, clock.now() + waitMs > giveUpAt);
      if (exhausted !== undefined) return { ...failure, exhausted, retries };
      await sleep(waitMs, stopping.signal);
      if (stopping.signal.aborted) return undefined;
    }
  };

  const deliver = (rule: Rule, target: RuleTarget, text: string): void => {
    sendOrMoveToDeadLetters(rule, target, text).catch((error: unknown) => {
      deps.onProblem(`rule ${rule.name} lost an event: ${String(error)}`);
    });
  };

  const sendOrMoveToDeadLetters = async (rule: Rule, target: RuleTarget, text: string): Promise<void> => {
    const failure = await sendToTarget(rule, target, text);
    if (failure === undefined) return report(rule, 'sent');
    const { deadLetterArn } = target;
    const refusal =
      deadLetterArn === undefined
        ? { message: 'the target has none' }
        : await send(rule, deadLetterArn, text, deadLetterAttributes(rule, target, failure));
    if (refusal === undefined) return report(rule, 'dead_letter');
    report(rule, 'lost');
    deps.onProblem(
      `rule ${rule.name} lost an event (the metric InvocationsFailedToBeSentToDlq counts it): ${failure.message}; its dead-letter queue: ${refusal.message}`,
    );
  };

  return {
    deliver(rule, text) {
      for (const target of stack.rules.find(({ arn }) => arn === rule.arn)?.targets ?? []) {
        deliver(rule, target, text);
        const againAfterMs = deps.faults.secondDeliveryAfterMs();
        if (againAfterMs === undefined) continue;
        void sleep(againAfterMs, stopping.signal).then(() => {
          if (!stopping.signal.aborted) deliver(rule, target, text);
        });
      }
    },
    stop: () => stopping.abort(),
  };
}

function whyExhausted(target: RuleTarget, retries: number, isTooOld: boolean): Failure['exhausted'] {
  if (retries >= target.maximumRetryAttempts) return 'MaximumRetryAttempts';
  return isTooOld ? 'MaximumEventAgeInSeconds' : undefined;
}

function deadLetterAttributes(rule: Rule, target: RuleTarget, failure: Failure): Json {
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.queueArn,
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    ...(failure.exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: failure.exhausted }),
    ...(failure.retries === undefined ? {} : { RETRY_ATTEMPTS: String(failure.retries) }),
  };
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}

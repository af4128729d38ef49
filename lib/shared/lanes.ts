import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { delayQueues, MAX_SQS_DELAY_SECONDS } from '../../lambdas/shared/domain/retry-schedule.ts';
import type { Monitoring } from './monitoring.ts';
import { createOperatorQueue, createWorkQueue } from './queue.ts';
import { alarmOnAge, alarmOnMessages } from './queue-alarms.ts';

/**
 * When our side cannot handle a message, the sender increases its visibility timeout from 10 s to 15 min: 200 receives
 * take about two days. When the sender cannot start at all, 200 visibility timeouts of 120 s take more than six hours.
 */
const MAX_LANE_RECEIVES = 200;

export interface LanesProps {
  /** The delay before retry 1, 2 and so on. */
  readonly retryDelaysSeconds: readonly number[];
  readonly monitoring: Monitoring;
}

/** The queues of the three lanes, and three queues whose messages wait for an operator. */
export class Lanes extends Construct {
  /** First attempts. */
  readonly first: Queue;
  /**
   * Retry n has the queue with index n - 1, whose delivery delay is that of the schedule. Retries after the sixth, and
   * those from the first delay above 900 s, have no queue of their own.
   */
  readonly retries: readonly Queue[];
  /**
   * Retries without a queue of their own, and retries that an endpoint postponed with `Retry-After`. It always exists:
   * a changed schedule must not delete messages that wait for up to a day.
   */
  readonly later: Queue;
  /** Attempts at endpoints that are marked slow. */
  readonly slow: Queue;
  /** Deliveries whose last attempt failed at the customer's endpoint. */
  readonly exhausted: Queue;
  /** Messages that a function failed to handle at every receive. SQS's redrive moves them back to their queue. */
  readonly poison: Queue;
  /** Messages that no version of the sender can read: unchanged, with the reason as message attributes. */
  readonly unreadable: Queue;

  constructor(scope: Construct, id: string, props: LanesProps) {
    super(scope, id);
    this.exhausted = createOperatorQueue(this, 'Exhausted');
    this.poison = createOperatorQueue(this, 'Poison');
    this.unreadable = createOperatorQueue(this, 'Unreadable');
    Validations.of(this.unreadable).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'The sender itself sends messages to it; no redrive policy names it.',
    });

    const deadLetterQueue = { queue: this.poison, maxReceiveCount: MAX_LANE_RECEIVES };
    this.first = createWorkQueue(this, 'First', { deadLetterQueue });
    this.retries = delayQueues(props.retryDelaysSeconds).map((seconds, index) =>
      createWorkQueue(this, `Retry${index + 1}`, {
        deadLetterQueue,
        deliveryDelay: Duration.seconds(seconds),
      }),
    );
    this.later = createWorkQueue(this, 'Later', { deadLetterQueue });
    this.slow = createWorkQueue(this, 'Slow', { deadLetterQueue });

    // No message is sent to this queue. It makes the exhausted queue a dead-letter queue, which SQS requires for its
    // redrive: the sender sends exhausted deliveries to that queue itself.
    createWorkQueue(this, 'ExhaustedRedrive', {
      deadLetterQueue: { queue: this.exhausted, maxReceiveCount: MAX_LANE_RECEIVES },
    });
    this.addAlarms(props);
  }

  /** The exhausted queue has no alarm: its deliveries failed at the customers' endpoints. */
  private addAlarms({ monitoring, retryDelaysSeconds }: LanesProps): void {
    alarmOnMessages(this, monitoring, this.poison, {
      article: 'poison',
      severity: 'page',
      meaning: 'Deliveries or recoveries stopped: our side failed to handle their messages at every receive.',
    });
    alarmOnMessages(this, monitoring, this.unreadable, {
      article: 'unreadable',
      severity: 'page',
      meaning: 'Deliveries stopped: no version of the sender can read their messages.',
    });
    alarmOnAge(this, monitoring, this.first, {
      of: 'first',
      severity: 'page',
      meaning: 'First attempts of deliveries are late.',
    });
    const delays = delayQueues(retryDelaysSeconds);
    this.retries.forEach((queue, index) => {
      alarmOnAge(this, monitoring, queue, {
        of: `retry-${index + 1}`,
        severity: 'ticket',
        meaning: `Retry ${index + 1} of deliveries is late.`,
        delay: Duration.seconds(delays[index] ?? 0),
      });
    });
    for (const { queue, of, subject } of [
      { queue: this.later, of: 'later', subject: 'Long retries' },
      { queue: this.slow, of: 'slow', subject: 'Deliveries to slow endpoints' },
    ]) {
      alarmOnAge(this, monitoring, queue, {
        of,
        severity: 'ticket',
        meaning: `${subject} are late.`,
        // A message of these queues has a delay of its own.
        delay: Duration.seconds(MAX_SQS_DELAY_SECONDS),
      });
    }
  }
}

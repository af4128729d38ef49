import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { createLastStop, createWorkQueue } from './queue.ts';

/**
 * With the sender's growing visibility timeouts (10 s doubling to 15 min), 200 receives cover an outage of about two
 * days on our side. When the sender cannot start at all, 200 visibility timeouts of 120 s cover more than six hours.
 */
const MAX_LANE_RECEIVES = 200;

export interface LanesProps {
  /** Seconds to wait before retry 1, 2 …: a queue each. */
  readonly retryDelaysSeconds: readonly number[];
}

/** The queues between the stages: three kinds of attempts, and three queues that wait for an operator. */
export class Lanes extends Construct {
  /** First attempts. */
  readonly first: Queue;
  /** Retry n waits in queue n - 1, whose own delay is the schedule's. */
  readonly retries: readonly Queue[];
  /** Attempts for endpoints that are known to respond slowly. */
  readonly slow: Queue;
  /** Deliveries that the customer's endpoint failed for the last time. */
  readonly exhausted: Queue;
  /** Messages that our side failed to handle at every receipt. SQS's redrive moves them back to their lane. */
  readonly poison: Queue;
  /** Messages that no deployment can read, unchanged, with the reason as message attributes. */
  readonly unreadable: Queue;

  constructor(scope: Construct, id: string, props: LanesProps) {
    super(scope, id);
    this.exhausted = createLastStop(this, 'Exhausted');
    this.poison = createLastStop(this, 'Poison');
    this.unreadable = createLastStop(this, 'Unreadable');
    Validations.of(this.unreadable).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'The sender itself sends messages to it; no redrive policy names it.',
    });

    const deadLetterQueue = { queue: this.poison, maxReceiveCount: MAX_LANE_RECEIVES };
    this.first = createWorkQueue(this, 'First', { deadLetterQueue });
    this.retries = props.retryDelaysSeconds.map((seconds, index) =>
      createWorkQueue(this, `Retry${index + 1}`, {
        deadLetterQueue,
        deliveryDelay: Duration.seconds(seconds),
      }),
    );
    this.slow = createWorkQueue(this, 'Slow', { deadLetterQueue });

    // No message is ever sent to this queue. SQS's own redrive starts only from the dead-letter queue of another
    // queue, and the sender itself sends exhausted deliveries to theirs.
    createWorkQueue(this, 'ExhaustedRedrive', {
      deadLetterQueue: { queue: this.exhausted, maxReceiveCount: MAX_LANE_RECEIVES },
    });
  }
}

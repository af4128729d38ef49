import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { createLastStop, createWorkQueue } from './queue.ts';

/**
 * With the sender's growing visibility timeouts (10 s doubling to 15 min), 20 receives are about three hours
 * of an outage of ours.
 */
const MAX_LANE_RECEIVES = 20;

export interface LanesProps {
  /** Seconds to wait before retry 1, 2 …: a queue each. */
  readonly retryDelaysSeconds: readonly number[];
}

/** The queues between the stages: three kinds of work, and two places where deliveries end. */
export class Lanes extends Construct {
  /** First attempts. */
  readonly first: Queue;
  /** Retry n waits in queue n - 1, whose own delay is the schedule's. */
  readonly retries: readonly Queue[];
  /** Whatever goes to an endpoint that is known to answer slowly. */
  readonly slow: Queue;
  /** Deliveries that the customer's endpoint failed for the last time. */
  readonly exhausted: Queue;
  /** Messages that our own side cannot handle. */
  readonly poison: Queue;

  constructor(scope: Construct, id: string, props: LanesProps) {
    super(scope, id);
    this.exhausted = createLastStop(this, 'Exhausted');
    this.poison = createLastStop(this, 'Poison');

    const deadLetterQueue = { queue: this.poison, maxReceiveCount: MAX_LANE_RECEIVES };
    this.first = createWorkQueue(this, 'First', { deadLetterQueue });
    this.retries = props.retryDelaysSeconds.map((seconds, index) =>
      createWorkQueue(this, `Retry${index + 1}`, {
        deadLetterQueue,
        deliveryDelay: Duration.seconds(seconds),
      }),
    );
    this.slow = createWorkQueue(this, 'Slow', { deadLetterQueue });

    // Nothing is ever sent here. SQS's own redrive only starts from a queue that some other queue names as
    // its dead-letter queue, and exhausted deliveries are put there by the sender.
    createWorkQueue(this, 'ExhaustedRedrive', {
      deadLetterQueue: { queue: this.exhausted, maxReceiveCount: MAX_LANE_RECEIVES },
    });
  }
}

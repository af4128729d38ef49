import { type DeadLetterQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { VISIBILITY_TIMEOUT } from './timing.ts';

/** Longer than an outage over a weekend. Older events are of little use to a customer. */
const LANE_RETENTION = Duration.days(7);

/** SQS's maximum. In a dead-letter queue, it counts from the first enqueue, not from the move to that queue. */
const OPERATOR_QUEUE_RETENTION = Duration.days(14);

/** A queue that a function reads. SQS moves a message that is received too often to `deadLetterQueue`. */
export function createWorkQueue(
  scope: Construct,
  id: string,
  props: QueueProps & { readonly deadLetterQueue: DeadLetterQueue },
): Queue {
  return createQueue(scope, id, {
    visibilityTimeout: VISIBILITY_TIMEOUT,
    retentionPeriod: LANE_RETENTION,
    ...props,
  });
}

/** A queue that no function reads. Its messages wait for an operator. */
export function createOperatorQueue(scope: Construct, id: string): Queue {
  const queue = createQueue(scope, id, { retentionPeriod: OPERATOR_QUEUE_RETENTION });
  Validations.of(queue).acknowledge({
    id: 'Serverless-SQSRedrivePolicy',
    reason: 'It is a dead-letter queue itself: messages end here until a person moves them.',
  });
  return queue;
}

/** SQS's own encryption is free and has no key that could be lost. Requests without TLS are denied. */
function createQueue(scope: Construct, id: string, props: QueueProps): Queue {
  return new Queue(scope, id, { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, ...props });
}

import { type DeadLetterQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { VISIBILITY_TIMEOUT } from './timing.ts';

/** Long enough for an outage that begins on a Friday; what is older is no news to a customer. */
const LANE_RETENTION = Duration.days(7);

/** SQS's longest. A dead-letter queue counts from the first enqueue, not from the arrival there. */
const LAST_STOP_RETENTION = Duration.days(14);

/** A queue that a function reads: what is received too often moves on to `deadLetterQueue`. */
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

/** A queue where messages wait for a person. */
export function createLastStop(scope: Construct, id: string): Queue {
  const queue = createQueue(scope, id, { retentionPeriod: LAST_STOP_RETENTION });
  Validations.of(queue).acknowledge({
    id: 'Serverless-SQSRedrivePolicy',
    reason: 'It is a dead-letter queue itself: messages end here until a person moves them.',
  });
  return queue;
}

/** Encrypted by SQS itself, which costs nothing and has no key that could be lost; TLS only. */
function createQueue(scope: Construct, id: string, props: QueueProps): Queue {
  return new Queue(scope, id, { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, ...props });
}

import { asciiJson } from '../shared/domain/ascii-json.ts';
import type { QueueEntry } from '../shared/runtime/queues.ts';
import type { ReceivedMessage } from './ports.ts';

/** What is kept of a message that cannot be read: enough to see what it was. */
const MAX_BODY_BYTES = 64 * 1024;

/** What lies on the poison queue: the message as it came, and why it could not be handled. */
export function poisonEntry(from: ReceivedMessage, reason: string): QueueEntry {
  const bytes = Buffer.from(from.body);
  const body = bytes.length > MAX_BODY_BYTES ? bytes.subarray(0, MAX_BODY_BYTES).toString() : from.body;
  return {
    body: asciiJson({
      reason,
      queue_arn: from.queueArn,
      message_id: from.id,
      receive_count: from.receiveCount,
      body_bytes: bytes.length,
      body,
    }),
  };
}

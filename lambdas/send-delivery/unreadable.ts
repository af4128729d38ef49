import { entryWithAttributes } from '../shared/runtime/message-attributes.ts';
import { NOT_TRIED } from '../shared/runtime/queues.ts';
import { ACKNOWLEDGE, acknowledgeIf, type Disposition } from './disposition.ts';
import type { SendDeps } from './ports.ts';
import type { Received } from './receive.ts';

/**
 * Sends a message that no deployment can read to the unreadable queue, unchanged. The reason, and the ids that can be
 * read, are message attributes.
 */
export async function sendToUnreadable(
  { ports, counters, log }: SendDeps,
  { from, ids, reason }: Extract<Received, { reason: string }>,
): Promise<Disposition> {
  const attributes = { reason, queue_arn: from.queueArn, message_id: from.id, ...ids };
  const [sent] = await ports.queues.unreadable([entryWithAttributes(from.body, attributes)]);
  if (sent?.ok !== true) return acknowledgeIf(sent ?? NOT_TRIED);
  counters.count('unreadable');
  log.error('a message cannot be read and was sent to the unreadable queue', {
    ...ids,
    message_id: from.id,
    why: reason,
  });
  return ACKNOWLEDGE;
}

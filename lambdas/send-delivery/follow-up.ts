import { isSystemEventType } from '../shared/domain/catalogue.ts';
import type { Attempt, DeliveryMessage } from '../shared/domain/delivery.ts';
import { deliveryIdsOf } from '../shared/domain/delivery-ids.ts';
import { exhaustedMessage, followUpOf, nextMessage } from '../shared/domain/follow-up.ts';
import { encodeMessage } from '../shared/domain/message.ts';
import { exhaustedEvent, isWanted, retryEvent, type SystemEvent } from '../shared/domain/system-event.ts';
import { describeVerificationFailure } from '../shared/domain/webhook.ts';
import type { CallBatcher } from '../shared/runtime/call-batcher.ts';
import type { QueueEntry, Sent } from '../shared/runtime/queues.ts';
import type { SendDeps } from './ports.ts';
import type { ReceivedDelivery } from './receive.ts';

/** SQS quota: entries of one batch call. */
const MAX_BATCH_ENTRIES = 10;
/** A follow-up is enqueued within 200 ms of its response; half of that is for collecting other entries. */
const MAX_WAIT_MS = 100;

const DONE: Sent = { ok: true };
const TOO_LATE: Sent = { ok: false, reason: 'the function ran out of time' };

/** Enqueues what follows from a failed attempt. */
export interface FollowUps {
  /** When `ok` is false, the follow-up is not enqueued and the message must be redelivered. */
  enqueue(message: DeliveryMessage, failed: Attempt, slow: boolean): Promise<Sent>;
  /** Sends a message to the slow lane, unchanged. */
  forward(delivery: ReceivedDelivery): Promise<Sent>;
}

/**
 * Enqueues nothing after `deadlineAt` (milliseconds since 1970): by then the messages were returned to their queue. An
 * attempt whose record is written later, in a later invocation of the same environment, would start a second chain of
 * attempts beside that of its redelivered message.
 */
export function createFollowUps(deps: SendDeps, callBatcher: CallBatcher, deadlineAt: number): FollowUps {
  const { ports, counters, log, clock, retryDelaysSeconds } = deps;

  const batched = (call: (entries: readonly QueueEntry[]) => Promise<readonly Sent[]>) =>
    callBatcher.batched<QueueEntry, Sent>({
      maxItems: MAX_BATCH_ENTRIES,
      maxWaitMs: MAX_WAIT_MS,
      call: async (entries) => (clock.now() < deadlineAt ? call(entries) : entries.map(() => TOO_LATE)),
    });
  const toRetry = retryDelaysSeconds.map((_, index) =>
    batched((entries) => ports.queues.retry(index + 1, entries)),
  );
  const toSlow = batched(ports.queues.slow);
  const toExhausted = batched(ports.queues.exhausted);

  const publish = async (message: DeliveryMessage, event: SystemEvent): Promise<void> => {
    const sent = await ports.publish(event);
    if (sent.ok) return;
    counters.count('system_event_lost');
    log.warn('a system event was not published', {
      ...deliveryIdsOf(message),
      system_event_type: event.type,
      why: sent.reason,
    });
  };

  const retry = async (
    message: DeliveryMessage,
    failed: Attempt,
    delaySeconds: number,
    slow: boolean,
  ): Promise<Sent> => {
    const entry = entryOf(nextMessage(message, failed));
    const toQueue = slow ? undefined : toRetry[failed.number - 1];
    const sent = await (toQueue === undefined ? toSlow({ ...entry, delaySeconds }) : toQueue(entry));
    if (sent.ok && isWanted(message, 'webhook.retry')) {
      await publish(message, retryEvent(message, failed, delaySeconds));
    }
    return sent;
  };

  const giveUp = async (message: DeliveryMessage, failed: Attempt, reason: string): Promise<Sent> => {
    if (message.kind === 'verification') {
      const { accountId, webhookId, eventId } = message;
      const at = new Date(clock.now()).toISOString();
      const why = describeVerificationFailure(webhookId, reason, failed.status);
      await ports.webhooks.failVerification(accountId, webhookId, eventId, why, at);
      return DONE;
    }
    // Otherwise two failing webhooks that subscribe to each other's system events would fill the exhausted queue.
    const isQueued = !isSystemEventType(message.eventType);
    const sent = isQueued ? await toExhausted(entryOf(exhaustedMessage(message, failed))) : DONE;
    if (sent.ok) counters.count('exhausted');
    if (sent.ok && isWanted(message, 'webhook.exhausted')) {
      await publish(message, exhaustedEvent(message, failed, reason));
    }
    return sent;
  };

  return {
    enqueue: (message, failed, slow) => {
      const next = followUpOf(message, failed, retryDelaysSeconds);
      return next.do === 'retry'
        ? retry(message, failed, next.delaySeconds, slow)
        : giveUp(message, failed, next.reason);
    },
    forward: ({ from, message }) => toSlow({ body: from.body, groupId: message.webhookId }),
  };
}

function entryOf(message: DeliveryMessage): QueueEntry {
  return { body: encodeMessage(message), groupId: message.webhookId };
}

import { isSystemEventType } from '../shared/domain/catalogue.ts';
import type { Attempt, DeliveryMessage } from '../shared/domain/delivery.ts';
import { exhaustedMessage, type FollowUp, followUpOf, nextMessage } from '../shared/domain/follow-up.ts';
import { encodeMessage } from '../shared/domain/message.ts';
import { delayQueues, MAX_SQS_DELAY_SECONDS } from '../shared/domain/retry-schedule.ts';
import {
  exhaustedEvent,
  retryEvent,
  type SystemEvent,
  shouldPublish,
} from '../shared/domain/system-event.ts';
import { describeVerificationFailure } from '../shared/domain/webhook.ts';
import type { CallBatcher } from '../shared/runtime/call-batcher.ts';
import type { QueueEntry, Sent } from '../shared/runtime/queues.ts';
import type { SendDeps } from './ports.ts';
import { publishOrCount } from './publish.ts';
import type { ReceivedDelivery } from './receive.ts';

/** SQS quota: entries of one batch call. */
const MAX_BATCH_ENTRIES = 10;
/** A follow-up is enqueued within 200 ms of its response; half of that is for collecting other entries. */
const MAX_WAIT_MS = 100;

const DONE: Sent = { ok: true };
const TOO_LATE: Sent = { ok: false, reason: 'the function ran out of time' };

/** Enqueues the messages that follow a failed attempt. */
export interface FollowUps {
  /** When `ok` is false, the follow-up is not enqueued and the message must be redelivered. */
  enqueue(message: DeliveryMessage, failed: Attempt, slow: boolean): Promise<Sent>;
  /** Sends the first attempt of a repeated delivery to the slow lane, where it delays no new events. */
  repeat(message: DeliveryMessage): Promise<Sent>;
  /** Sends a message to the slow lane, unchanged. */
  forward(delivery: ReceivedDelivery): Promise<Sent>;
  /** Sends a message that is not due yet to the later queue, unchanged. */
  waitLonger(delivery: ReceivedDelivery): Promise<Sent>;
}

/**
 * Enqueues nothing after `deadlineAt` (milliseconds since 1970): by then the messages were returned to their queue. An
 * attempt whose record is written later, in a later invocation of the same environment, would start a second chain of
 * attempts, in addition to the chain of its redelivered message.
 */
export function createFollowUps(deps: SendDeps, callBatcher: CallBatcher, deadlineAt: number): FollowUps {
  const { ports, counters, clock, retryDelaysSeconds } = deps;
  const queueDelays = delayQueues(retryDelaysSeconds);

  const batched = (call: (entries: readonly QueueEntry[]) => Promise<readonly Sent[]>) =>
    callBatcher.batched<QueueEntry, Sent>({
      maxItems: MAX_BATCH_ENTRIES,
      maxWaitMs: MAX_WAIT_MS,
      call: async (entries) => (clock.now() < deadlineAt ? call(entries) : entries.map(() => TOO_LATE)),
    });
  const toRetry = queueDelays.map((_, index) => batched((entries) => ports.queues.retry(index + 1, entries)));
  const toLater = batched(ports.queues.later);
  const toSlow = batched(ports.queues.slow);
  const toExhausted = batched(ports.queues.exhausted);

  const publish = (message: DeliveryMessage, event: SystemEvent): Promise<void> =>
    publishOrCount(deps, message, event);

  const retry = async (
    message: DeliveryMessage,
    failed: Attempt,
    next: Extract<FollowUp, { do: 'retry' }>,
    slow: boolean,
  ): Promise<Sent> => {
    const sent = await enqueueRetry(message, failed, next, slow);
    if (sent.ok && shouldPublish(message, 'webhook.retry')) {
      await publish(message, retryEvent(message, failed, next.at));
    }
    return sent;
  };

  const secondsUntil = (time: number): number => Math.max(0, Math.ceil((time - clock.now()) / 1_000));

  /** Sends the retry to its own queue, whose delay is that of the schedule, unless the wait is longer. */
  const enqueueRetry = (
    message: DeliveryMessage,
    failed: Attempt,
    next: Extract<FollowUp, { do: 'retry' }>,
    slow: boolean,
  ): Promise<Sent> => {
    // At most the planned delay: another clock measured the duration of the attempt.
    const delaySeconds = Math.min(secondsUntil(next.at), next.delaySeconds);
    if (slow && delaySeconds <= MAX_SQS_DELAY_SECONDS) {
      return toSlow({ ...entryOf(nextMessage(message, failed)), delaySeconds });
    }
    const toQueue = toRetry[failed.number - 1];
    if (!slow && toQueue !== undefined && delaySeconds <= (queueDelays[failed.number - 1] ?? 0)) {
      return toQueue(entryOf(nextMessage(message, failed)));
    }
    return toLater(delayed(entryOf(nextMessage(message, failed, next.at)), secondsUntil(next.at)));
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
    if (sent.ok && shouldPublish(message, 'webhook.exhausted')) {
      await publish(message, exhaustedEvent(message, failed, reason));
    }
    return sent;
  };

  return {
    enqueue: (message, failed, slow) => {
      const next = followUpOf(message, failed, deps);
      return next.do === 'retry' ? retry(message, failed, next, slow) : giveUp(message, failed, next.reason);
    },
    repeat: (message) => toSlow(entryOf(message)),
    forward: ({ from, message }) => toSlow({ body: from.body, groupId: message.webhookId }),
    waitLonger: ({ from, message: { webhookId, notBefore = 0 } }) =>
      toLater(delayed({ body: from.body, groupId: webhookId }, secondsUntil(notBefore))),
  };
}

function delayed(entry: QueueEntry, seconds: number): QueueEntry {
  return { ...entry, delaySeconds: Math.min(seconds, MAX_SQS_DELAY_SECONDS) };
}

function entryOf(message: DeliveryMessage): QueueEntry {
  return { body: encodeMessage(message), groupId: message.webhookId };
}

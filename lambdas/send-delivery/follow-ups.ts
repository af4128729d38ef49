import type { Attempt, DeliveryMessage } from '../shared/domain/delivery.ts';
import { exhaustedMessage, type FollowUp, nextMessage } from '../shared/domain/follow-up.ts';
import { encodeMessage } from '../shared/domain/message.ts';
import { exhaustedEvent, isWanted, retryEvent, type SystemEvent } from '../shared/domain/system-event.ts';
import { describeVerificationFailure } from '../shared/domain/webhook.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { Counters } from '../shared/runtime/observability.ts';
import type { QueueEntry, Sent } from '../shared/runtime/queues.ts';
import type { SendPorts } from './ports.ts';
import type { Rendezvous } from './rendezvous.ts';

/** SQS quota: entries of one batch call. */
const MAX_BATCH_ENTRIES = 10;
/** A follow-up is on its queue within 200 ms of its answer; half of it is for waiting for others. */
const MAX_WAIT_MS = 100;

/** Puts what follows from a failed attempt where it will be found. */
export interface FollowUps {
  /** Where `sent.ok` is false nothing follows yet: the message must come back. */
  enqueue(message: DeliveryMessage, failed: Attempt, followUp: FollowUp, slow: boolean): Promise<Sent>;
  /** Hands a message on to the slow lane, uncounted. */
  forward(message: DeliveryMessage): Promise<Sent>;
}

export function createFollowUps(deps: {
  readonly ports: Pick<SendPorts, 'queues' | 'publish' | 'webhooks'>;
  readonly rendezvous: Rendezvous;
  readonly retryDelaysSeconds: readonly number[];
  readonly clock: Clock;
  readonly counters: Counters;
}): FollowUps {
  const { ports, counters, clock } = deps;

  const join = (run: (entries: readonly QueueEntry[]) => Promise<readonly Sent[]>) =>
    deps.rendezvous.batch<QueueEntry, Sent>({ maxItems: MAX_BATCH_ENTRIES, maxWaitMs: MAX_WAIT_MS, run });
  const toRetry = deps.retryDelaysSeconds.map((_, index) =>
    join((entries) => ports.queues.retry(index + 1, entries)),
  );
  const toSlow = join((entries) => ports.queues.slow(entries));
  const toExhausted = join((entries) => ports.queues.exhausted(entries));

  const entryOf = (message: DeliveryMessage): QueueEntry => ({
    body: encodeMessage(message),
    groupId: message.webhookId,
  });

  const publish = async (event: SystemEvent): Promise<void> => {
    if (!(await ports.publish(event))) counters.count('system_event_lost');
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
    if (sent.ok && isWanted(message, 'webhook.retry'))
      await publish(retryEvent(message, failed, delaySeconds));
    return sent;
  };

  const giveUp = async (message: DeliveryMessage, failed: Attempt, reason: string): Promise<Sent> => {
    if (message.kind === 'verification') {
      const at = new Date(clock.now()).toISOString();
      await ports.webhooks.failVerification(
        message.accountId,
        message.webhookId,
        message.eventId,
        describeVerificationFailure(message.webhookId, reason, failed.status),
        at,
      );
      return { ok: true };
    }
    const sent = await toExhausted(entryOf(exhaustedMessage(message, failed)));
    if (sent.ok) counters.count('exhausted');
    if (sent.ok && isWanted(message, 'webhook.exhausted'))
      await publish(exhaustedEvent(message, failed, reason));
    return sent;
  };

  return {
    enqueue: (message, failed, followUp, slow) =>
      followUp.do === 'retry'
        ? retry(message, failed, followUp.delaySeconds, slow)
        : giveUp(message, failed, followUp.reason),
    forward: (message) => toSlow(entryOf(message)),
  };
}

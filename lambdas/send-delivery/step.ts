import type { Webhook } from '../shared/domain/webhook.ts';
import { describeError } from '../shared/runtime/errors.ts';
import type { SendDeps } from './deps.ts';
import { createFollowUps } from './follow-ups.ts';
import { type Outcome, returned, settledIf, WAITING } from './outcome.ts';
import { poisonEntry } from './poison.ts';
import type { ReceivedMessage } from './ports.ts';
import { type Received, type ReceivedDelivery, readBatch } from './receive.ts';
import { createRecorder } from './record-attempts.ts';
import { createRendezvous } from './rendezvous.ts';
import type { Left } from './run-batch.ts';
import { sendKnown } from './send-known.ts';
import { type BatchParts, isKnownSlow, sendOnce } from './send-once.ts';

/**
 * Sends a batch, all at once. Never throws: every message has left it by `deadlineAt` (milliseconds since
 * 1970), and one message's trouble is no other's.
 */
export async function sendDeliveries(
  deps: SendDeps,
  batch: readonly ReceivedMessage[],
  deadlineAt: number,
): Promise<ReadonlyMap<ReceivedMessage, Left>> {
  const rendezvous = createRendezvous();
  const parts: BatchParts = {
    recorder: createRecorder({ ...deps, records: deps.ports.records, rendezvous, deadlineAt }),
    followUps: createFollowUps({ ...deps, rendezvous }),
    deadlineAt,
  };
  const received = readBatch(batch, deps.retryDelaysSeconds, deps.clock.now());
  const known = received.filter((item) => item.kind === 'delivery').filter(({ fresh }) => !fresh);
  // Fresh deliveries do not wait for this read; the others share it.
  const states = known.length === 0 ? undefined : deps.ports.readStates(known.map(({ message }) => message));
  // Whoever awaits it sees the failure; until then it is nobody's.
  states?.catch(() => undefined);

  const handle = async (item: Received): Promise<Outcome> => {
    switch (item.kind) {
      case 'poison':
        return setAside(deps, item.from, item.reason);
      case 'copy':
        return WAITING;
      case 'delivery': {
        if (item.fresh) return sendFresh(deps, parts, item);
        const state = (await states)?.get(item.message.deliveryId);
        if (state === undefined) throw new Error('the read of webhooks and records left a delivery out');
        return sendKnown(deps, parts, item, state, (webhook) => forwardIfSlow(deps, parts, item, webhook));
      }
    }
  };

  return deps.runBatch(received, deadlineAt, (item) =>
    rendezvous.run(() => handle(item).catch((error: unknown) => returned(describeError(error)))),
  );
}

/** A first attempt whose signature is young, and of which nothing can be recorded: no read is needed. */
async function sendFresh(deps: SendDeps, parts: BatchParts, item: ReceivedDelivery): Promise<Outcome> {
  const { message } = item;
  const forwarded = await forwardIfSlow(deps, parts, item);
  if (forwarded !== undefined) return forwarded;
  return sendOnce(deps, parts, { message, url: message.url, signed: message.signed, fresh: true });
}

/** Keeps webhooks that are known to hang away from the quick ones of the other lanes. */
async function forwardIfSlow(
  deps: SendDeps,
  { followUps }: BatchParts,
  { message, fresh }: ReceivedDelivery,
  webhook?: Webhook,
): Promise<Outcome | undefined> {
  if (deps.lane === 'slow' || !isKnownSlow(deps, message, webhook)) return undefined;
  deps.counters.count('forwarded_slow');
  // On its new queue it is received for the first time: what may be recorded of it must not be forgotten.
  return settledIf(await followUps.forward(fresh ? message : { ...message, rerun: true }));
}

async function setAside(
  { ports, counters, log }: SendDeps,
  from: ReceivedMessage,
  reason: string,
): Promise<Outcome> {
  counters.count('poison');
  log.error('a message cannot be read and goes to the poison queue', { message_id: from.id, why: reason });
  const [sent] = await ports.queues.poison([poisonEntry(from, reason)]);
  return settledIf(sent ?? { ok: false, reason: 'not tried' });
}

import type { DeliveryRecord } from '../shared/domain/delivery.ts';
import { repeatedDeliveryId } from '../shared/domain/ids.ts';
import { isRecoverable, isRepeatedBy, type Recovery } from '../shared/domain/recovery.ts';
import { repeatOf } from '../shared/domain/repeat.ts';
import { inParallel } from '../shared/runtime/parallel.ts';
import { sign } from '../shared/signing/sign.ts';
import type { RecoveryProgress } from '../shared/store/recoveries.ts';
import type { DelayedRepeat, Ready, RecoverDeps } from './ports.ts';

/** Records that are examined together; their events, of at most 256 KiB each, are in memory at the same time. */
const RECORDS_AT_ONCE = 50;
/** Concurrent updates of repeated records. */
const MAX_PARALLEL_WRITES = 16;
/** Nothing more is begun when the function has less time than this left. */
const RESERVE_MS = 15_000;

/** Enqueues what the webhook may receive in the given seconds, oldest first. Throws when our own side fails. */
export async function enqueueRepeats(
  deps: RecoverDeps,
  recovery: Recovery,
  ready: Ready,
  { seconds, deadlineAt }: { readonly seconds: number; readonly deadlineAt: number },
): Promise<RecoveryProgress> {
  const { ports, clock } = deps;
  const { accountId, webhookId, since, until, cursor: after } = recovery;
  const budget = Math.max(1, Math.floor(recovery.rate * seconds));
  let { cursor, found, enqueued, expired } = recovery;
  let sent = 0;
  const progress = (): RecoveryProgress => ({
    ...(cursor === undefined ? {} : { cursor }),
    found,
    enqueued,
    expired,
  });

  const range = { since, until, order: 'oldest_first' as const, pageSize: RECORDS_AT_ONCE };
  const pages = ports.log.pages(
    accountId,
    webhookId,
    after === undefined ? range : { ...range, after },
    clock.now(),
  );
  for await (const { records, last } of pages) {
    const chosen = choose(records, recovery, budget - sent);
    const result = await repeatAll(deps, recovery, ready, chosen.repeat, (position) =>
      Math.floor((sent + position) / Math.max(1, recovery.rate)),
    );
    found += chosen.noted + chosen.repeat.length;
    enqueued += chosen.noted + result.enqueued;
    expired += result.expired;
    sent += chosen.repeat.length;
    if (chosen.cutAfter !== undefined) {
      cursor = chosen.cutAfter;
      return progress();
    }
    cursor = last ?? records.at(-1)?.deliveryId ?? cursor;
    if (last === undefined) return { ...progress(), allEnqueuedAt: clock.now() };
    if (sent >= budget || clock.now() > deadlineAt - RESERVE_MS) return progress();
  }
  return { ...progress(), allEnqueuedAt: clock.now() };
}

interface Chosen {
  readonly repeat: readonly DeliveryRecord[];
  /** Those that an interrupted step enqueued before. */
  readonly noted: number;
  /** The last record that was examined, where the budget ended before the page did. */
  readonly cutAfter?: DeliveryRecord['deliveryId'];
}

function choose(records: readonly DeliveryRecord[], recovery: Recovery, budget: number): Chosen {
  const repeat: DeliveryRecord[] = [];
  let noted = 0;
  let previous: DeliveryRecord['deliveryId'] | undefined;
  for (const record of records) {
    if (isRepeatedBy(record, recovery.id)) noted++;
    else if (isRecoverable(record, recovery.statuses) && !isOwn(record, recovery)) {
      if (repeat.length >= budget) {
        return { repeat, noted, ...(previous === undefined ? {} : { cutAfter: previous }) };
      }
      repeat.push(record);
    }
    previous = record.deliveryId;
  }
  return { repeat, noted };
}

/** Repeats keep the time of their id, so a recovery meets those that it made. */
function isOwn({ startedAt }: DeliveryRecord, { createdAt }: Recovery): boolean {
  return startedAt !== undefined && startedAt >= createdAt;
}

async function repeatAll(
  { ports, clock, retryDelaysSeconds, counters }: RecoverDeps,
  { accountId, id: recoveryId }: Recovery,
  { webhook, secrets, wantedSystemEvents }: Ready,
  records: readonly DeliveryRecord[],
  delaySeconds: (position: number) => number,
): Promise<{ enqueued: number; expired: number }> {
  if (records.length === 0) return { enqueued: 0, expired: 0 };
  const now = clock.now();
  const events = await ports.readEvents(
    accountId,
    records.map(({ eventId }) => eventId),
  );
  const repeats = records.flatMap((record, position): { record: DeliveryRecord; repeat: DelayedRepeat }[] => {
    const event = events.get(record.eventId);
    if (event === undefined) return [];
    const message = repeatOf(record, {
      deliveryId: repeatedDeliveryId(record.deliveryId),
      trigger: 'recovery',
      now,
      event,
      webhook,
      signed: sign({ secrets, eventId: event.id, signedAt: now, body: event.body }),
      wantedSystemEvents,
      retryDelaysSeconds,
    });
    return [{ record, repeat: { message, delaySeconds: delaySeconds(position) } }];
  });
  const sent = await ports.enqueue(repeats.map(({ repeat }) => repeat));
  const refused = sent.find((result) => !result.ok);
  const accepted = repeats.filter((_, index) => sent[index]?.ok);
  await inParallel(accepted, MAX_PARALLEL_WRITES, async ({ record, repeat }) => {
    await ports.deliveries.markResent(record, repeat.message.deliveryId, { by: recoveryId });
  });
  counters.count('recovered', accepted.length);
  // The cursor stays before this page: the next step repeats those that were refused, and counts the others.
  if (refused?.ok === false) throw new Error(`a recovered delivery was not enqueued: ${refused.reason}`);
  return { enqueued: repeats.length, expired: records.length - repeats.length };
}

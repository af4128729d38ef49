import type { DeliveryRecord } from '../shared/domain/delivery.ts';
import { type DeliveryId, repeatedDeliveryId } from '../shared/domain/ids.ts';
import { isRecoverable, isRepeatedBy, mayLackItsRepeat, type Recovery } from '../shared/domain/recovery.ts';
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

/** A delivery and the id of the delivery that repeats it. */
interface Repeatable {
  readonly record: DeliveryRecord;
  readonly as: DeliveryId;
}

/** Enqueues what the webhook may receive in the given seconds, oldest first. Throws when our own side fails. */
export async function enqueueRepeats(
  deps: RecoverDeps,
  recovery: Recovery,
  ready: Ready,
  { seconds, deadlineAt }: { readonly seconds: number; readonly deadlineAt: number },
): Promise<RecoveryProgress & Pick<Recovery, 'enqueued'>> {
  const { ports, clock } = deps;
  const { accountId, webhookId, since, until, cursor: after } = recovery;
  const budget = Math.max(1, Math.floor(recovery.rate * seconds));
  let { cursor, found, enqueued, expired } = recovery;
  let sent = 0;
  const progress = (): RecoveryProgress & Pick<Recovery, 'enqueued'> => ({
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
    const chosen = choose(records, recovery, await findLost(deps, recovery, records), budget - sent);
    const result = await repeatAll(deps, recovery, ready, chosen.repeat, (position) =>
      Math.min(seconds - 1, Math.floor((sent + position) / recovery.rate)),
    );
    found += chosen.noted + result.enqueued + result.expired;
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

/** Deliveries that are marked as repeated, but whose repeat was never enqueued, or has not begun. */
async function findLost(
  { ports }: RecoverDeps,
  recovery: Recovery,
  records: readonly DeliveryRecord[],
): Promise<ReadonlySet<DeliveryId>> {
  const { accountId, webhookId } = recovery;
  const marked = records.flatMap((record) =>
    record.resentAs !== undefined && !isRepeatedBy(record, recovery.id) && mayLackItsRepeat(record, recovery)
      ? [{ accountId, webhookId, deliveryId: record.resentAs }]
      : [],
  );
  if (marked.length === 0) return new Set();
  const begun = await ports.readRecords(marked);
  return new Set(marked.flatMap(({ deliveryId }) => (begun.has(deliveryId) ? [] : [deliveryId])));
}

interface Chosen {
  readonly repeat: readonly Repeatable[];
  /** Those that an interrupted step enqueued before. */
  readonly noted: number;
  /** The last record that was examined, where the budget ended before the page did. */
  readonly cutAfter?: DeliveryId;
}

function choose(
  records: readonly DeliveryRecord[],
  recovery: Recovery,
  lost: ReadonlySet<DeliveryId>,
  budget: number,
): Chosen {
  const repeat: Repeatable[] = [];
  let noted = 0;
  let previous: DeliveryId | undefined;
  for (const record of records) {
    const { deliveryId, resentAs } = record;
    if (isRepeatedBy(record, recovery.id)) noted++;
    else if (isRecoverable(record, recovery) || (resentAs !== undefined && lost.has(resentAs))) {
      if (repeat.length >= budget) {
        return { repeat, noted, ...(previous === undefined ? {} : { cutAfter: previous }) };
      }
      repeat.push({ record, as: resentAs ?? repeatedDeliveryId(deliveryId) });
    }
    previous = deliveryId;
  }
  return { repeat, noted };
}

async function repeatAll(
  { ports, clock, retryDelaysSeconds, counters }: RecoverDeps,
  { accountId, id: recoveryId, createdAt }: Recovery,
  { webhook, secrets, wantedSystemEvents }: Ready,
  records: readonly Repeatable[],
  delaySeconds: (position: number) => number,
): Promise<{ enqueued: number; expired: number }> {
  if (records.length === 0) return { enqueued: 0, expired: 0 };
  // The clock of this function may be behind that of the API. A repeat begins after its recovery was created.
  const now = Math.max(clock.now(), createdAt);
  const events = await ports.readEvents(
    accountId,
    records.map(({ record }) => record.eventId),
  );
  const repeats = records.flatMap(
    ({ record, as }, position): { record: DeliveryRecord; repeat: DelayedRepeat }[] => {
      const event = events.get(record.eventId);
      if (event === undefined) return [];
      const message = repeatOf(record, {
        deliveryId: as,
        trigger: 'recovery',
        now,
        event,
        webhook,
        signed: sign({ secrets, eventId: event.id, signedAt: now, body: event.body }),
        wantedSystemEvents,
        retryDelaysSeconds,
      });
      return [{ record, repeat: { message, delaySeconds: delaySeconds(position) } }];
    },
  );
  const sent = await ports.enqueue(repeats.map(({ repeat }) => repeat));
  const refused = sent.find((result) => !result.ok);
  const accepted = repeats.filter((_, index) => sent[index]?.ok);
  let enqueued = 0;
  await inParallel(accepted, MAX_PARALLEL_WRITES, async ({ record, repeat }) => {
    // One that another recovery, a resend or the expiry overtook is not counted twice.
    const marked = await ports.deliveries.markResent(record, repeat.message.deliveryId, { by: recoveryId });
    if (marked === 'marked') enqueued++;
  });
  counters.count('recovered', enqueued);
  // The cursor stays before this page: the next step repeats those that were refused, and counts the others.
  if (refused?.ok === false) throw new Error(`a recovered delivery was not enqueued: ${refused.reason}`);
  return { enqueued, expired: records.length - repeats.length };
}

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
/** No further page is read when the function has less time than this. */
const RESERVE_MS = 15_000;

/** A delivery and the id of the delivery that repeats it. */
interface Repeatable {
  readonly record: DeliveryRecord;
  readonly as: DeliveryId;
}

/**
 * Enqueues the deliveries that the webhook may receive in the given seconds, oldest first. Throws when our own side
 * fails.
 */
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
    const missing = await findMissingRepeats(deps, recovery, records);
    const chosen = chooseRepeats(records, recovery, missing, budget - sent);
    const result = await repeatAll(deps, recovery, ready, chosen.repeat, (position) =>
      Math.min(seconds - 1, Math.floor((sent + position) / recovery.rate)),
    );
    found += chosen.alreadyEnqueued + result.enqueued + result.expired;
    enqueued += chosen.alreadyEnqueued + result.enqueued;
    expired += result.expired;
    sent += chosen.repeat.length;
    if (chosen.lastExamined !== undefined) {
      cursor = chosen.lastExamined;
      return progress();
    }
    cursor = last ?? records.at(-1)?.deliveryId ?? cursor;
    if (last === undefined) return { ...progress(), allEnqueuedAt: clock.now() };
    if (sent >= budget || clock.now() > deadlineAt - RESERVE_MS) return progress();
  }
  return { ...progress(), allEnqueuedAt: clock.now() };
}

/** The ids of repeats that are marked but have no record: they were never enqueued, or have not begun. */
async function findMissingRepeats(
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
  /** The number of records whose repeat an interrupted step has enqueued. */
  readonly alreadyEnqueued: number;
  /** The last examined record, if the budget was used up before the end of the page. */
  readonly lastExamined?: DeliveryId;
}

function chooseRepeats(
  records: readonly DeliveryRecord[],
  recovery: Recovery,
  missingRepeats: ReadonlySet<DeliveryId>,
  budget: number,
): Chosen {
  const repeat: Repeatable[] = [];
  let alreadyEnqueued = 0;
  let previous: DeliveryId | undefined;
  for (const record of records) {
    const { deliveryId, resentAs } = record;
    if (isRepeatedBy(record, recovery.id)) alreadyEnqueued++;
    else if (isRecoverable(record, recovery) || (resentAs !== undefined && missingRepeats.has(resentAs))) {
      if (repeat.length >= budget) {
        return { repeat, alreadyEnqueued, ...(previous === undefined ? {} : { lastExamined: previous }) };
      }
      repeat.push({ record, as: resentAs ?? repeatedDeliveryId(deliveryId) });
    }
    previous = deliveryId;
  }
  return { repeat, alreadyEnqueued };
}

async function repeatAll(
  { ports, clock, retryDelaysSeconds, counters }: RecoverDeps,
  { accountId, id: recoveryId, createdAt }: Recovery,
  { webhook, secrets, subscribedSystemEvents }: Ready,
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
        subscribedSystemEvents,
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
    // Not counted when another recovery or a resend has marked the record, or when it has expired.
    const marked = await ports.deliveries.markResent(record, repeat.message.deliveryId, { by: recoveryId });
    if (marked === 'marked') enqueued++;
  });
  counters.count('recovered', enqueued);
  // The cursor stays before this page: the next step repeats those that were refused, and counts the others.
  if (refused?.ok === false) throw new Error(`a recovered delivery was not enqueued: ${refused.reason}`);
  return { enqueued, expired: records.length - repeats.length };
}

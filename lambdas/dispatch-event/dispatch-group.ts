import { deliveryIdsOf } from '../shared/domain/delivery-ids.ts';
import type { StoredEvent } from '../shared/domain/event.ts';
import { inParallel } from '../shared/runtime/parallel.ts';
import type { DispatchedEvent } from './listener-copies.ts';
import type { Deliveries } from './make-deliveries.ts';
import type { Outcomes } from './outcomes.ts';
import { eventIdsOf } from './parse-event.ts';
import { type MatchedEvent, type PrepareDeps, type Prepared, prepareEvent } from './prepare-event.ts';
import type { PublisherReports } from './publisher-reports.ts';
import { storedEventOf } from './store-event.ts';
import { type RefusedEvent, sendToUndispatched } from './undispatched.ts';

/** Concurrent writes of records of deliveries that are not sent. */
const MAX_PARALLEL_WRITES = 16;

/** The deliveries of one event. */
interface EventDeliveries extends Deliveries {
  /** The event's position in the batch. */
  readonly index: number;
}

export interface GroupDeps extends PrepareDeps {
  readonly reports: PublisherReports;
}

/**
 * Dispatches some events of a batch. They share the calls that enqueue their deliveries. The failure of one event does
 * not affect the others. Returns those that are done, without those that were sent to the undispatched queue. It never
 * throws.
 */
export async function dispatchGroup(
  deps: GroupDeps,
  group: readonly MatchedEvent[],
  outcomes: Outcomes,
  ended: AbortSignal,
): Promise<DispatchedEvent[]> {
  for (const { index, accepted } of group) outcomes.start(index, eventIdsOf(accepted));
  const deliveries: EventDeliveries[] = [];
  const refused: RefusedEvent[] = [];
  const unmatched = new Set<number>();
  const dispatched = new Map<number, StoredEvent>();
  const preparing = group.map(async (event): Promise<[MatchedEvent, Prepared | undefined]> => {
    const prepared = await prepareEvent(deps, event).catch((error: unknown) =>
      outcomes.fail(event.index, error),
    );
    return [event, prepared ?? undefined];
  });
  for (const [{ index, text, accepted }, prepared] of await Promise.all(preparing)) {
    if (prepared?.kind === 'deliver') {
      deliveries.push({ index, ...prepared });
      dispatched.set(index, prepared.stored);
    }
    if (prepared?.kind === 'unmatched') {
      unmatched.add(index);
      dispatched.set(index, storedEventOf(accepted, []));
    }
    if (prepared?.kind === 'refuse') {
      refused.push({ index, text, reason: prepared.reason, ids: eventIdsOf(accepted) });
    }
  }
  if (ended.aborted) return [];
  await Promise.all([
    enqueue(deps, deliveries, outcomes, ended),
    recordUntried(deps, deliveries, outcomes),
    sendToUndispatched(deps, refused, outcomes),
  ]);
  const done: DispatchedEvent[] = [];
  for (const { index, accepted, account, problem } of group) {
    // An event that failed is reported in the run that completes it.
    if (!outcomes.end(index)) continue;
    const event = dispatched.get(index);
    if (event !== undefined) done.push({ event, account });
    if (event !== undefined && !unmatched.has(index)) deps.counters.count('dispatched');
    if (unmatched.has(index)) deps.reports.unmatched(eventIdsOf(accepted));
    if (accepted.hasInvalidTraceparent) deps.reports.invalidTraceparent(eventIdsOf(accepted));
    if (problem !== undefined) deps.reports.problemOfData(eventIdsOf(accepted), problem);
  }
  return done;
}

/** An event with a delivery that is not enqueued fails; the other events of the group do not. */
async function enqueue(
  { ports }: PrepareDeps,
  deliveries: readonly EventDeliveries[],
  outcomes: Outcomes,
  ended: AbortSignal,
): Promise<void> {
  const all = deliveries.flatMap(({ index, attempts }) => attempts.map((attempt) => ({ index, attempt })));
  if (all.length === 0) return;
  const sent = await ports.enqueueFirst(
    all.map(({ attempt }) => attempt),
    ended,
  );
  for (const [position, { index, attempt }] of all.entries()) {
    const result = sent[position];
    if (result?.ok === true) continue;
    outcomes.failUnsent(index, 'a delivery was not enqueued', result, deliveryIdsOf(attempt.message));
  }
}

async function recordUntried(
  { ports, counters }: PrepareDeps,
  deliveries: readonly EventDeliveries[],
  outcomes: Outcomes,
): Promise<void> {
  const all = deliveries.flatMap(({ index, untried }) => untried.map((one) => ({ index, ...one })));
  await inParallel(all, MAX_PARALLEL_WRITES, async ({ index, delivery, status, reason }) => {
    try {
      if ((await ports.recordUntried(delivery, status, reason)) === 'recorded') counters.count(status);
    } catch (error) {
      outcomes.fail(index, error, deliveryIdsOf(delivery));
    }
  });
}

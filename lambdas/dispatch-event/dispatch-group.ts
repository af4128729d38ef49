import { inParallel } from '../shared/runtime/parallel.ts';
import type { Deliveries } from './make-deliveries.ts';
import type { Outcomes } from './outcomes.ts';
import { type PrepareDeps, type Prepared, prepareEvent, type Work } from './prepare-event.ts';
import { type Refused, setAside } from './undispatched.ts';

/** Concurrent writes of records of deliveries that are not sent. */
const MAX_PARALLEL_WRITES = 16;

/** What an event of the batch becomes. */
type Part<Thing> = Thing & { readonly index: number };

/**
 * Dispatches some events of a batch. They share the calls that enqueue their deliveries; a failure concerns one event
 * alone. It never throws.
 */
export async function dispatchGroup(
  deps: PrepareDeps,
  group: readonly Work[],
  outcomes: Outcomes,
  over: AbortSignal,
): Promise<void> {
  for (const { index } of group) outcomes.start(index);
  const deliveries: Part<Deliveries>[] = [];
  const refused: Refused[] = [];
  const preparing = group.map(async (work): Promise<[Work, Prepared | undefined]> => {
    const prepared = await prepareEvent(deps, work).catch((error: unknown) =>
      outcomes.fail(work.index, error),
    );
    return [work, prepared ?? undefined];
  });
  for (const [work, prepared] of await Promise.all(preparing)) {
    const { index } = work;
    if (prepared?.kind === 'deliver') deliveries.push({ index, ...prepared });
    if (prepared?.kind === 'set_aside') refused.push({ index, ...refusalOf(work, prepared.reason) });
  }
  if (over.aborted) return;
  await Promise.all([
    enqueue(deps, deliveries, outcomes, over),
    recordUntried(deps, deliveries, outcomes),
    setAside(deps, refused, outcomes),
  ]);
  const delivered = new Set(deliveries.map(({ index }) => index));
  for (const { index } of group) {
    if (outcomes.end(index) && delivered.has(index)) deps.counters.count('dispatched');
  }
}

/** An event with a delivery that is not enqueued fails; the other events of the group do not. */
async function enqueue(
  { ports }: PrepareDeps,
  deliveries: readonly Part<Deliveries>[],
  outcomes: Outcomes,
  over: AbortSignal,
): Promise<void> {
  const all = deliveries.flatMap(({ index, attempts }) => attempts.map((attempt) => ({ index, attempt })));
  if (all.length === 0) return;
  const sent = await ports.enqueueFirst(
    all.map(({ attempt }) => attempt),
    over,
  );
  for (const [position, { index }] of all.entries()) {
    const result = sent[position];
    if (result?.ok !== true) {
      outcomes.fail(index, `a delivery was not enqueued: ${result?.reason ?? 'not tried'}`);
    }
  }
}

async function recordUntried(
  { ports, counters }: PrepareDeps,
  deliveries: readonly Part<Deliveries>[],
  outcomes: Outcomes,
): Promise<void> {
  const all = deliveries.flatMap(({ index, untried }) => untried.map((one) => ({ index, ...one })));
  await inParallel(all, MAX_PARALLEL_WRITES, async ({ index, delivery, status, reason }) => {
    try {
      if ((await ports.recordUntried(delivery, status, reason)) === 'recorded') counters.count(status);
    } catch (error) {
      outcomes.fail(index, error);
    }
  });
}

function refusalOf({ text, accepted }: Work, reason: string): Omit<Refused, 'index'> {
  const { event, busEventId } = accepted;
  const names = { eventId: event.id, accountId: event.accountId, eventType: event.type, busEventId };
  return { text, reason, names };
}

import type { Delivery, DeliveryChain, RelevantFault } from './delivery-chains.ts';
import type { Evidence } from './evidence.ts';
import type { Post } from './post.ts';
import { RECORD_WRITES } from './published-limits.ts';
import { delayAfter } from './retry-times.ts';

/** Attempts have the right numbers and order, and there are no more than faults excuse. */
export function* checkAttempts(evidence: Evidence, chain: DeliveryChain): Generator<string> {
  for (const delivery of chain.deliveries) {
    yield* checkOrder(evidence, chain, delivery);
    yield* checkAfterEnd(chain, delivery);
  }
  yield* checkDuplicates(chain);
}

function* checkOrder(evidence: Evidence, chain: DeliveryChain, { posts }: Delivery): Generator<string> {
  for (const { attempt, at } of posts) {
    if (!(attempt >= 1 && attempt <= chain.maxAttempts))
      yield `attempt ${attempt} of at most ${chain.maxAttempts} was made`;
    if (attempt <= 1) continue;
    const follows = posts.some(
      (earlier) =>
        earlier.attempt === attempt - 1 &&
        !earlier.isSuccess &&
        earlier.endedAt + delayAfter(evidence, attempt - 1, earlier.answer) <= at,
    );
    if (!follows) yield `attempt ${attempt} does not follow a failed attempt ${attempt - 1} after its delay`;
  }
}

/** A request after the end of a delivery needs a copy of the message, or a run that read the state before the end. */
function* checkAfterEnd({ faults }: DeliveryChain, { states, posts }: Delivery): Generator<string> {
  const deliveredAt = states.find(({ item }) => item?.status === 'delivered')?.at;
  if (deliveredAt === undefined) return;
  const after = posts.filter(({ at }) => at > deliveredAt).length;
  const excused = faults.filter(({ afterEnd }) => afterEnd).length;
  if (after > excused) yield `${after} requests were made after it was recorded as delivered`;
}

/**
 * A duplicate request needs a second copy of the message. Each fault creates at most one copy for each delivery.
 * Two copies cause one duplicate, of the attempt that both make. Then only one copy records the attempt or takes over,
 * and only that one continues. Another duplicate needs a fault that delays this record or loses it. Therefore, if there
 * is a second copy, each fault that makes a request late or loses a record excuses one more duplicate. Consecutive
 * failed writes lose one record.
 */
function* checkDuplicates({ deliveries, faults }: DeliveryChain): Generator<string> {
  const duplicates = deliveries.flatMap(({ posts }) => duplicatesAmong(posts)).sort((a, b) => a.at - b.at);
  for (const [index, { at, attempt }] of duplicates.entries()) {
    const before = faults.filter(({ fact }) => fact.at <= at);
    if (index < excusedDuplicates(before)) continue;
    yield `${index + 1} duplicate requests (the last one of attempt ${attempt}), and ${excusedDuplicates(before)} excused`;
    break;
  }
  for (const { id, copies, exhausted } of deliveries) {
    if (exhausted.length > 1 + copies + excusedDuplicates(faults))
      yield `${id} is on the exhausted queue ${exhausted.length} times`;
  }
}

function duplicatesAmong(posts: readonly Post[]): readonly Post[] {
  return [...Map.groupBy(posts, ({ attempt }) => attempt).values()].flatMap((same) => same.slice(1));
}

export function excusedDuplicates(faults: DeliveryChain['faults']): number {
  const copies = sum(faults.filter(({ secondCopy }) => secondCopy)) + countUnreportedRuns(faults);
  if (copies === 0) return 0;
  const others = faults
    .filter(({ secondCopy, late, record }) => !secondCopy && (late || record !== undefined))
    .map(({ fact: { caller, fault, at } }) =>
      caller?.run !== undefined && fault.kind === 'call'
        ? `${caller.run} ${fault.service} ${fault.action}`
        : `${at} ${fault.kind}`,
    );
  return copies + new Set(others).size;
}

function sum(faults: readonly RelevantFault[]): number {
  return faults.reduce((total, { deliveries }) => total + deliveries, 0);
}

/** Runs that could neither record an attempt nor enqueue the follow-up: the message is redelivered as if unsent. */
function countUnreportedRuns(faults: DeliveryChain['faults']): number {
  const runs = Map.groupBy(faults, ({ fact }) => fact.caller?.run);
  runs.delete(undefined);
  return [...runs.values()].filter(isUnreported).length;
}

function isUnreported(ofRun: readonly RelevantFault[]): boolean {
  const failed = ofRun.filter(({ record }) => record === 'failed').length;
  return failed >= RECORD_WRITES && ofRun.some(({ refused }) => refused);
}

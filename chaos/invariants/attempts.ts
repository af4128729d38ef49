import { RECORD_WRITES } from './contract.ts';
import type { Delivery, FeltFault, Line } from './deliveries.ts';
import type { Evidence } from './evidence.ts';
import type { Post } from './posted.ts';

/** Attempts have the right numbers, in the right order, and no more of them than faults excuse. */
export function* checkAttempts(evidence: Evidence, line: Line): Generator<string> {
  for (const delivery of line.deliveries) {
    yield* checkOrder(evidence, line, delivery);
    yield* checkAfterEnd(line, delivery);
  }
  yield* checkDuplicates(line);
}

function* checkOrder({ retryDelaysMs }: Evidence, line: Line, { posts }: Delivery): Generator<string> {
  for (const { attempt, at } of posts) {
    if (!(attempt >= 1 && attempt <= line.maxAttempts))
      yield `attempt ${attempt} of at most ${line.maxAttempts} was made`;
    if (attempt <= 1) continue;
    const delayMs = retryDelaysMs[attempt - 2] ?? 0;
    const follows = posts.some(
      (earlier) => earlier.attempt === attempt - 1 && !earlier.isSuccess && earlier.endedAt + delayMs <= at,
    );
    if (!follows)
      yield `attempt ${attempt} does not follow a failed attempt ${attempt - 1} after ${delayMs} ms`;
  }
}

/** Only a fresh copy, or a request whose read is old by then, is sent without knowledge of the end. */
function* checkAfterEnd({ faults }: Line, { states, posts }: Delivery): Generator<string> {
  const deliveredAt = states.find(({ item }) => item?.status === 'delivered')?.at;
  if (deliveredAt === undefined) return;
  const after = posts.filter(({ at }) => at > deliveredAt).length;
  const excused = faults.filter(({ unread }) => unread).length;
  if (after > excused) yield `${after} requests were made after it was recorded as delivered`;
}

/**
 * One chain continues. A duplicate needs a second copy of the message, and each fault makes one at most. Two
 * copies make one duplicate, of the attempt that they share: after it one of them continues, since only one
 * records it or takes over. They make another one only where something keeps the first from showing that it
 * continues, for longer than the other waits, or from recording it: so beside a second copy, each fault that makes a
 * request late or loses a record excuses one more. Writes that fail one after another lose one record.
 */
function* checkDuplicates({ deliveries, faults }: Line): Generator<string> {
  const duplicates = deliveries.flatMap(({ posts }) => duplicatesAmong(posts)).sort((a, b) => a.at - b.at);
  for (const [index, { at, attempt }] of duplicates.entries()) {
    const before = faults.filter(({ fact }) => fact.at <= at);
    if (index < excusedDuplicates(before)) continue;
    yield `${index + 1} duplicate requests (the last one of attempt ${attempt}), and ${excusedDuplicates(before)} excused`;
    break;
  }
  for (const { id, exhausted } of deliveries) {
    if (exhausted.length > 1 + excusedDuplicates(faults))
      yield `${id} is on the exhausted queue ${exhausted.length} times`;
  }
}

function duplicatesAmong(posts: readonly Post[]): readonly Post[] {
  return [...Map.groupBy(posts, ({ attempt }) => attempt).values()].flatMap((same) => same.slice(1));
}

export function excusedDuplicates(faults: Line['faults']): number {
  const copies = faults.filter(({ secondCopy }) => secondCopy).length + countUntold(faults);
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

/** Runs that could neither record an attempt nor enqueue what follows: its message comes back as if it were unsent. */
function countUntold(faults: Line['faults']): number {
  const runs = Map.groupBy(faults, ({ fact }) => fact.caller?.run);
  runs.delete(undefined);
  return [...runs.values()].filter(isUntold).length;
}

function isUntold(ofRun: readonly FeltFault[]): boolean {
  const failed = ofRun.filter(({ record }) => record === 'failed').length;
  return failed >= RECORD_WRITES && ofRun.some(({ refused }) => refused);
}

import { isFinal, parseDeliveryStatus } from '../../lambdas/shared/domain/delivery.ts';
import type { Item } from '../history.ts';
import type { Delivery, DeliveryChain, RelevantFault } from './delivery-chains.ts';
import type { Evidence, State } from './evidence.ts';
import type { Post } from './post.ts';
import { RECORD_WRITES } from './published-limits.ts';

/** A failure is recorded within this time, or another copy has superseded it. */
const RECORDED_WITHIN_MS = 60_000;

/** A record never returns to an earlier state, and contains every attempt whose answer was read. */
export function* checkRecord(
  evidence: Evidence,
  chain: DeliveryChain,
  delivery: Delivery,
): Generator<string> {
  const { states, record } = delivery;
  for (const [index, { item }] of states.entries()) {
    const before = states[index - 1]?.item;
    if (before !== undefined && item !== undefined) yield* checkStep(before, item);
    if (item !== undefined && isWaiting(item) !== (item.next_attempt_at !== undefined))
      yield `its record is ${String(item.status)}, and its next attempt is at ${String(item.next_attempt_at)}`;
  }
  for (const post of lostPosts(evidence, delivery)) yield* checkLost(chain.faults, post);
  for (const [name, attempt] of Object.entries(record ?? {})) {
    if (/^attempt_\d$/.test(name) && !hasResult(attempt)) yield `${name} has neither a status nor an error`;
  }
  if (record !== undefined && delivery.resendOf !== undefined && record.resend_of !== delivery.resendOf)
    yield `it was redriven from ${delivery.resendOf}, and its record does not contain that id`;
}

/** Checks what one write changed. A success may overwrite any state. */
function* checkStep(before: Item, after: Item): Generator<string> {
  if (after.status === 'delivered') return;
  if (hasEnded(before) && after.status !== before.status)
    yield `it was recorded as ${before.status}, and then as ${after.status}`;
  for (const number of [1, 2, 3, 4]) {
    const [old, now] = [attemptIn(before, number), attemptIn(after, number)];
    if (old === undefined && now !== undefined && attemptIn(before, number + 1) !== undefined)
      yield `attempt ${number} was recorded as failed after attempt ${number + 1}`;
    if (old === undefined) continue;
    if (now === undefined) yield `the record of attempt ${number} was removed`;
    // A copy that takes over writes its token and the time.
    else if (old.token !== now.token && old.taken_at === now.taken_at)
      yield `attempt ${number} was recorded twice, by two copies`;
  }
}

/** Requests whose attempts were never recorded, although an environment read the answer and was not killed. */
export function lostPosts({ runs }: Evidence, { states, posts }: Delivery): Post[] {
  const has = (post: Post): boolean =>
    states.some(({ item }) => item !== undefined && attemptIn(item, post.attempt) !== undefined) ||
    isSuperseded(states, post);
  return posts.filter((post) => {
    if (has(post)) return post.isSuccess && !states.some(isDelivered);
    // In real time it is unknown which environment read an answer.
    if (post.caller === undefined) return true;
    const run = post.read?.caller.run;
    if (run === undefined || runs.get(run)?.end.kind !== 'returned') return false;
    return true;
  });
}

/** Whether another copy had ended the delivery or made a later attempt before this failure was recorded. */
function isSuperseded(states: readonly State[], post: Post): boolean {
  const { isSuccess, attempt, endedAt } = post;
  if (isSuccess) return states.some(isDelivered);
  return states.some(({ at, item }) => {
    if (item === undefined || at > endedAt + RECORDED_WITHIN_MS) return false;
    if (hasEnded(item)) return true;
    const next = attemptIn(item, attempt + 1);
    return next !== undefined && Number(next.at) < endedAt;
  });
}

function* checkLost(faults: readonly RelevantFault[], post: Post): Generator<string> {
  const isLate = faults.some(({ record }) => record === 'late');
  const failed = faults.filter(
    ({ record, fact }) => record === 'failed' && fact.caller?.name === post.caller?.name,
  ).length;
  if (!isLate && failed < RECORD_WRITES)
    yield `the answer to attempt ${post.attempt} was read and is not recorded, after ${failed} writes that failed`;
}

/** Whether the next attempt has a time. While no attempt is recorded, a claimed first one is in progress. */
function isWaiting(item: Item): boolean {
  const hasAttempt = Object.keys(item).some((name) => name.startsWith('attempt_'));
  return item.status === 'retrying' && (item.claim === undefined || hasAttempt);
}

function isDelivered({ item }: State): boolean {
  return item?.status === 'delivered';
}

function hasEnded(item: Item): boolean {
  const status = parseDeliveryStatus(item.status);
  return status !== undefined && isFinal(status);
}

export function attemptIn(item: Item, number: number): Item | undefined {
  const attempt = item[`attempt_${number}`];
  return typeof attempt === 'object' && attempt !== null ? { ...attempt } : undefined;
}

export function hasResult(attempt: unknown): boolean {
  return typeof attempt === 'object' && attempt !== null && ('status' in attempt || 'error' in attempt);
}

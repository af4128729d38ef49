import type { Item } from '../history.ts';
import type { Delivery } from './delivery-chains.ts';
import type { Evidence } from './evidence.ts';
import type { Post } from './post.ts';
import { MAX_ATTEMPTS } from './published-limits.ts';
import { attemptIn } from './records.ts';
import { delayAfter, queueDelayAfter } from './retry-times.ts';

/** Only one copy of a message continues the delivery. No fault excuses another one. */
export function* checkTakeovers(evidence: Evidence, delivery: Delivery): Generator<string> {
  const { states, posts } = delivery;
  for (const [index, { item }] of states.entries()) {
    const before = states[index - 1]?.item;
    if (before === undefined || item === undefined) continue;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      yield* checkTakeover(evidence, { attempt, posts }, before, item);
    }
  }
  for (const post of posts) {
    if (isSuperseded(evidence, delivery, post))
      yield `attempt ${post.attempt} was made by a copy after another one had taken over`;
  }
}

/** A copy may take over an attempt whose follow-up is overdue and not recorded. */
function* checkTakeover(
  evidence: Evidence,
  { attempt, posts }: { readonly attempt: number; readonly posts: readonly Post[] },
  before: Item,
  after: Item,
): Generator<string> {
  const old = attemptIn(before, attempt);
  const takenAt = attemptIn(after, attempt)?.taken_at;
  if (old === undefined || takenAt === undefined || takenAt === old.taken_at) return;
  if (attemptIn(before, attempt + 1) !== undefined)
    yield `attempt ${attempt} was taken over after attempt ${attempt + 1} was recorded`;
  const endedAt = Number(old.at) + Number(old.duration_ms);
  const recorded = posts.find((post) => post.attempt === attempt && post.at === Number(old.at));
  // After the last attempt, no endpoint can postpone the message to the exhausted queue.
  const answer = before.status === 'retrying' ? recorded?.answer : undefined;
  const dueAt = endedAt + delayAfter(evidence, attempt, answer);
  // A retry that is enqueued again waits in its queue again.
  const dueAgainAt = Number(old.taken_at ?? 0) + queueDelayAfter(evidence, attempt);
  const earlyMs = Math.max(dueAt, dueAgainAt) + evidence.followUpMarginMs - Number(takenAt);
  if (earlyMs > 0) yield `attempt ${attempt} was taken over ${earlyMs} ms too early`;
}

/** Whether the message of a request has a token that was not the recorded one at any time since its run started. */
function isSuperseded(
  { starts }: Evidence,
  { id, states }: Delivery,
  { caller, attempt, at }: Post,
): boolean {
  const start = starts.get(String(caller?.run));
  const precedingTokens = (start?.messages ?? [])
    .filter(({ name, attempt: attemptOfMessage }) => name.deliveryId === id && attemptOfMessage === attempt)
    .flatMap(({ after }) => after ?? []);
  if (start === undefined || precedingTokens.length === 0) return false;
  const tokens = [
    states.findLast((state) => state.at < start.at)?.item,
    ...states.filter((state) => state.at >= start.at && state.at <= at).map(({ item }) => item),
  ].map((item) => item && attemptIn(item, attempt - 1)?.token);
  // If the earlier attempt was not recorded, a copy cannot detect another one.
  return tokens.every((token) => token !== undefined && !precedingTokens.includes(String(token)));
}

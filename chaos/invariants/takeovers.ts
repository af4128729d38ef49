import type { Item } from '../history.ts';
import { MAX_ATTEMPTS } from './contract.ts';
import type { Delivery } from './deliveries.ts';
import type { Evidence } from './evidence.ts';
import type { Post } from './posted.ts';
import { attemptIn } from './records.ts';

/** Of any number of copies of a message, one continues the delivery. No fault excuses another one. */
export function* checkTakeovers(evidence: Evidence, delivery: Delivery): Generator<string> {
  const { states, posts } = delivery;
  for (const [index, { item }] of states.entries()) {
    const before = states[index - 1]?.item;
    if (before === undefined || item === undefined) continue;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      yield* checkTakeover(evidence, attempt, before, item);
    }
  }
  for (const post of posts) {
    if (isSuperseded(evidence, delivery, post))
      yield `attempt ${post.attempt} was made by a copy after another one had taken over`;
  }
}

/** A copy takes over an attempt when its follow-up is overdue, and none was recorded. */
function* checkTakeover(
  { retryDelaysMs, followUpMarginMs }: Evidence,
  attempt: number,
  before: Item,
  after: Item,
): Generator<string> {
  const old = attemptIn(before, attempt);
  const takenAt = attemptIn(after, attempt)?.taken_at;
  if (old === undefined || takenAt === undefined || takenAt === old.taken_at) return;
  if (attemptIn(before, attempt + 1) !== undefined)
    yield `attempt ${attempt} was taken over after attempt ${attempt + 1} was recorded`;
  const since = Math.max(Number(old.at) + Number(old.duration_ms), Number(old.taken_at ?? 0));
  const earlyMs = since + (retryDelaysMs[attempt - 1] ?? 0) + followUpMarginMs - Number(takenAt);
  if (earlyMs > 0) yield `attempt ${attempt} was taken over ${earlyMs} ms too early`;
}

/** Whether the message of a request follows a token that was in force at no time since its run began. */
function isSuperseded(
  { starts }: Evidence,
  { id, states }: Delivery,
  { caller, attempt, at }: Post,
): boolean {
  const start = starts.get(String(caller?.run));
  const followed = (start?.messages ?? [])
    .filter(({ name, attempt: asked }) => name.deliveryId === id && asked === attempt)
    .flatMap(({ after }) => after ?? []);
  if (start === undefined || followed.length === 0) return false;
  const inForce = [
    states.findLast((state) => state.at < start.at)?.item,
    ...states.filter((state) => state.at >= start.at && state.at <= at).map(({ item }) => item),
  ].map((item) => item && attemptIn(item, attempt - 1)?.token);
  // Where the earlier attempt was not recorded, no copy can know of another.
  return inForce.every((token) => token !== undefined && !followed.includes(String(token)));
}

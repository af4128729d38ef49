import type { Item, Post, Touch } from '../history.ts';
import type { Step } from '../scenario.ts';
import { checkContents } from './contents.ts';
import { MAX_ATTEMPTS } from './contract.ts';
import type { Evidence, StoredEvent } from './evidence.ts';
import { isActive } from './subscriptions.ts';

/** Faults that leave two fresh messages of one delivery, or hold one up between its read and its request. */
const MAY_COPY = /once more|cut|late|kill_after|froze|timed out|is down|SendMessageBatch/;
/** Faults of the kind that a record is lost for: a write that failed, or time that ran out meanwhile. */
const MAY_LOSE_RECORD = /UpdateItem|BatchWriteItem|late|slowly/;
/** A write is tried so often in place. */
const WRITES = 4;
/** Faults that bring a message back, or leave two of it, whatever its environment did. */
const MAY_BRING_BACK = /once more|twice|again|froze|timed out|kill|SendMessage|DeleteMessage/;
/** Faults that keep an environment from recording what it has read. */
const MAY_KEEP_FROM_RECORDING = /late|slowly|froze|timed out|kill/;

/** One delivery of one event to one webhook, with all that is known of it. */
export interface Delivery {
  readonly id: string;
  readonly event: StoredEvent;
  readonly webhookId: string;
  readonly record: Item | undefined;
  readonly posts: readonly Post[];
  readonly isLogLost: boolean;
  readonly isOnPoison: boolean;
  readonly isRedriven: boolean;
  /** The delivery that was redriven into this one. */
  readonly redriveOf: string | undefined;
  /** Messages on the exhausted queue. */
  readonly exhausted: readonly string[];
  readonly maxAttempts: number;
  readonly touches: readonly Touch[];
}

/** Every delivery ended in one visible state, and what was sent agrees with it. */
export function* checkDeliveries(evidence: Evidence): Generator<string> {
  const { history, records, postsOf } = evidence;
  const expected = new Set<string>();
  for (const event of evidence.stored.values()) {
    if (!isWanted(evidence, event)) continue;
    for (const webhookId of event.webhookIds) {
      const ids = evidence.deliveriesOf(event, webhookId);
      const line = ids.map((id, index): Delivery => {
        expected.add(id);
        return {
          id,
          event,
          webhookId,
          record: records.get(id),
          posts: postsOf.get(id) ?? [],
          isLogLost: history.logLost.has(id),
          // A redriven message keeps its old delivery's id until it is read.
          isOnPoison: evidence.onPoison(id) || (index > 0 && evidence.onPoison(ids[index - 1] ?? id)),
          isRedriven: history.redriven.some(({ deliveryId }) => deliveryId === id),
          redriveOf: ids[index - 1],
          exhausted: evidence.exhausted.get(id) ?? [],
          maxAttempts: isAbout(evidence, event, webhookId) ? 1 : MAX_ATTEMPTS,
          touches: evidence.touchesOf(event.id, webhookId),
        };
      });
      for (const delivery of line) {
        for (const problem of checkDelivery(evidence, delivery)) yield `${describe(delivery)}: ${problem}`;
      }
      yield* checkMultiplicity(line);
    }
  }
  for (const [id, record] of records) {
    const isOfEvent = history.accepted.some(({ event: { detail } }) => detail.id === record.event_id);
    if (isOfEvent && !expected.has(id)) yield `there is a record of ${id}, which is no delivery of any event`;
  }
}

/** Of an event that the bus took, or of a test that the API promised. */
function isWanted({ history }: Evidence, { id }: StoredEvent): boolean {
  return history.tested.has(id) || history.accepted.some(({ event: { detail } }) => detail.id === id);
}

function* checkDelivery(evidence: Evidence, delivery: Delivery): Generator<string> {
  const { record, posts, isLogLost, isOnPoison } = delivery;
  yield* checkAttempts(evidence, delivery);
  yield* checkEnd(evidence, delivery);
  yield* checkContents(delivery);
  if (evidence.history.deliveredAt.has(delivery.id) && record?.status !== 'delivered') {
    yield `it was recorded as delivered, and is ${record?.status} now`;
  }
  if (isLogLost) return yield* checkLogLost(delivery);
  if (record?.status !== 'delivered' && wasReadAndCouldBeRecorded(delivery)) {
    yield `an environment that lives read a 200, and it is ${record?.status}`;
  }
  const undispatched = evidence.remains.queues.Undispatched ?? [];
  switch (record?.status) {
    case undefined:
      if (!isOnPoison && !undispatched.some((text) => text.includes(delivery.event.id)))
        yield 'it is lost: no trace of it';
      return;
    case 'retrying':
      if (!isOnPoison) yield 'it is recorded as retrying, and nothing will retry it';
      return;
    case 'delivered':
      if (!posts.some(isSuccess)) yield 'it is recorded as delivered, and no endpoint said so';
      if (delivery.exhausted.length > 0 && delivery.touches.length === 0) {
        yield 'it is recorded as delivered, and lies on the exhausted queue';
      }
      return;
    case 'exhausted':
      if (delivery.exhausted.length === 0 && !delivery.isRedriven && !isOnPoison) {
        yield 'it is recorded as exhausted, and does not lie on the exhausted queue';
      }
      if (!isUsedUp(delivery)) yield `it was given up after attempts ${posts.map(({ attempt }) => attempt)}`;
      return;
    case 'canceled':
      if (!wasEver(evidence, delivery, (item) => item === undefined))
        yield 'it is canceled, and its webhook was never deleted';
      return;
    case 'held':
      if (!wasEver(evidence, delivery, (item) => !isActive(item) || isBroken(evidence, delivery.webhookId))) {
        yield 'it is held, and its webhook was active all the while';
      }
      return;
    default:
      yield `its status is ${String(record?.status)}`;
  }
}

function* checkAttempts({ retryDelaysMs }: Evidence, { posts, maxAttempts }: Delivery): Generator<string> {
  for (const post of posts) {
    const { attempt } = post;
    if (!(attempt >= 1 && attempt <= maxAttempts))
      yield `attempt ${attempt} of at most ${maxAttempts} was made`;
    if (attempt <= 1) continue;
    const delayMs = retryDelaysMs[attempt - 2] ?? 0;
    const follows = posts.some(
      (earlier) =>
        earlier.attempt === attempt - 1 && !isSuccess(earlier) && earlier.endedAt + delayMs <= post.at,
    );
    if (!follows)
      yield `attempt ${attempt} does not follow a failed attempt ${attempt - 1} after ${delayMs} ms`;
  }
}

/** A record may be lost, for reasons and after some tries. What it would have told goes on all the same. */
function* checkLogLost(delivery: Delivery): Generator<string> {
  const { posts, record, touches, isOnPoison, isRedriven } = delivery;
  const reasons = touches.filter(({ what }) => MAY_LOSE_RECORD.test(what));
  const isLate = reasons.some(({ what }) => /late|slowly/.test(what));
  if (reasons.length < WRITES && !isLate)
    yield `its record is lost after ${reasons.length} writes that failed`;
  yield* checkNotSentAgain(delivery);
  if (posts.some(isSuccess) || isOnPoison) return;
  if (record?.status === 'held' || record?.status === 'canceled') return;
  if (!isUsedUp(delivery) || (delivery.exhausted.length === 0 && !isRedriven)) {
    yield `its record is lost, and it did not go on: attempts ${posts.map(({ attempt }) => attempt)}`;
  }
}

/** A success that was read is over, whatever becomes of its record; only another copy cannot know of it. */
function* checkNotSentAgain({ posts, touches }: Delivery): Generator<string> {
  const read = posts.find((post) => isSuccess(post) && post.readBy?.alive() === true);
  if (read === undefined) return;
  const later = posts.filter(({ at }) => at > read.endedAt).length;
  const isCopied = touches.some(({ what }) => MAY_BRING_BACK.test(what));
  if (later > 0 && !isCopied)
    yield `an environment that lives read a 200, and it was sent ${later} times more`;
}

function wasReadAndCouldBeRecorded({ posts, touches }: Delivery): boolean {
  return (
    posts.some((post) => isSuccess(post) && post.readBy?.alive() === true) &&
    !touches.some(({ what }) => MAY_KEEP_FROM_RECORDING.test(what))
  );
}

/** One chain goes on: every fault can make a request once more, and only a fault can. */
function* checkMultiplicity(line: readonly Delivery[]): Generator<string> {
  const [original] = line;
  if (original === undefined) return;
  const extra = line.reduce(
    (sum, { posts }) => sum + posts.length - new Set(posts.map(({ attempt }) => attempt)).size,
    0,
  );
  const allowed = original.touches.length;
  if (extra > allowed) {
    const faults = original.touches.map(({ what }) => what).join('; ');
    yield `${describe(original)}: ${extra} requests too many, and ${allowed} faults that could cause one: ${faults}`;
  }
  for (const { id, exhausted } of line) {
    if (exhausted.length > 1 + allowed) yield `${id} lies on the exhausted queue ${exhausted.length} times`;
  }
}

/** Only a copy of a fresh message goes out unread: whatever else comes after the end is dropped. */
function* checkEnd(evidence: Evidence, delivery: Delivery): Generator<string> {
  const deliveredAt = evidence.history.deliveredAt.get(delivery.id) ?? Number.POSITIVE_INFINITY;
  const after = delivery.posts.filter(({ at }) => at > deliveredAt).length;
  const copies = delivery.touches.filter(({ what }) => MAY_COPY.test(what)).length;
  if (after > copies) yield `${after} requests were made after it was recorded as delivered`;
}

function isUsedUp({ posts, maxAttempts }: Delivery): boolean {
  if (posts.some(({ answer }) => answer === 'private')) return true;
  return Array.from({ length: maxAttempts }, (_, index) => index + 1).every((number) =>
    posts.some((post) => post.attempt === number && !isSuccess(post)),
  );
}

export function isSuccess({ answer }: Post): boolean {
  return answer === 'ok' || answer === 'wrong' || answer === 'slow' || answer === 'crawl';
}

function wasEver(
  { statesOf }: Evidence,
  { event, webhookId }: Delivery,
  was: (item: Item | undefined) => boolean,
): boolean {
  return statesOf(webhookId, event.acceptedAt, Number.POSITIVE_INFINITY).some(was);
}

/** Whether its secret does not open, from the start or since it was damaged. */
export function isBroken({ scenario, specOf }: Evidence, webhookId: string): boolean {
  const spec = specOf(webhookId);
  if (spec === undefined) return false;
  const index = scenario.webhooks.indexOf(spec);
  const isDamage = (step: Step): boolean => step.do === 'break_secret' && step.webhook === index;
  return spec.state === 'sealed_elsewhere' || scenario.steps.some(isDamage);
}

/** A system event that speaks of the very webhook that it goes to is tried once. */
function isAbout({ history }: Evidence, event: StoredEvent, webhookId: string): boolean {
  return history.accepted.some(
    ({ event: { detail } }) => detail.id === event.id && detail.about_webhook_id === webhookId,
  );
}

function describe({ id, event, webhookId }: Delivery): string {
  return `${event.id} to ${webhookId} (${id})`;
}

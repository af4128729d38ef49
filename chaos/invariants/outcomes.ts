import { type DeliveryStatus, parseDeliveryStatus } from '../../lambdas/shared/domain/delivery.ts';
import type { Item } from '../history.ts';
import type { Delivery, Line } from './deliveries.ts';
import type { Evidence } from './evidence.ts';
import { hasResult, lostPosts } from './records.ts';
import { hasBrokenSecret, isActive, wants } from './webhook-items.ts';

/** The statuses of a delivery for which the next attempt is not made. */
const IS_SKIPPED: Readonly<Record<DeliveryStatus, boolean>> = {
  retrying: false,
  delivered: false,
  exhausted: false,
  canceled: true,
  held: true,
};

/** Every delivery ended in one visible state, and what was sent agrees with it. */
export function* checkOutcome(evidence: Evidence, line: Line, delivery: Delivery): Generator<string> {
  yield* checkExhaustedMessages(delivery);
  if (lostPosts(evidence, delivery).length > 0) return yield* checkWithoutRecord(line, delivery);
  const { record, posts, isOnPoison, exhausted } = delivery;
  const status = parseDeliveryStatus(record?.status);
  switch (status) {
    case undefined:
      if (record?.status !== undefined) yield `its status is ${String(record.status)}`;
      else if (!isOnPoison && !evidence.isUndispatched(line.eventId))
        yield 'it is lost: there is no trace of it';
      return;
    case 'retrying':
      if (!isOnPoison) yield 'it is recorded as retrying, and nothing will retry it';
      return;
    case 'delivered':
      if (!posts.some(({ isSuccess }) => isSuccess))
        yield 'it is recorded as delivered, and no endpoint answered 200';
      if (exhausted.length > 0 && !line.faults.some(({ secondCopy }) => secondCopy))
        yield 'it is recorded as delivered, and is on the exhausted queue';
      return;
    case 'exhausted':
      if (isSystemEvent(line)) {
        if (exhausted.length > 0) yield 'it is a system event, and is on the exhausted queue';
      } else if (exhausted.length === 0 && !delivery.isRedriven && !isOnPoison)
        yield 'it is recorded as exhausted, and is not on the exhausted queue';
      if (!isUsedUp(line, delivery)) yield `it was given up after attempts ${attemptsOf(delivery)}`;
      return;
    case 'canceled':
      if (!wasEver(evidence, line, (item) => item === undefined || isUnwanted(line, item)))
        yield 'it is canceled, and its webhook was never deleted and always wanted it';
      return;
    case 'held':
      if (!wasEver(evidence, line, (item) => !isActive(item)) && !hasBrokenSecret(evidence, line.webhookId))
        yield 'it is held, and its webhook was always active';
      return;
    default:
      status satisfies never;
  }
}

/** An attempt that is not recorded continues all the same: a success ends the delivery, a failure is retried. */
function* checkWithoutRecord(line: Line, delivery: Delivery): Generator<string> {
  const { posts, record, isOnPoison, isRedriven, exhausted } = delivery;
  const success = posts.find(({ isSuccess, read }) => isSuccess && read !== undefined);
  if (success?.read !== undefined) {
    const readAt = success.read.at;
    const later = posts.filter(({ at }) => at > readAt).length;
    if (later > 0 && !line.faults.some(({ secondCopy }) => secondCopy))
      yield `an environment that lived on read a 200, and it was sent ${later} times more`;
  }
  if (posts.some(({ isSuccess }) => isSuccess) || isOnPoison) return;
  if (isSkipped(record)) return;
  const isSetAside = exhausted.length > 0 || isRedriven || isSystemEvent(line);
  if (!isUsedUp(line, delivery) || !isSetAside)
    yield `its record is lost, and it did not continue: attempts ${attemptsOf(delivery)}`;
}

function* checkExhaustedMessages({ exhausted }: Delivery): Generator<string> {
  for (const body of exhausted) {
    const { history, attempt } = JSON.parse(body);
    const isWhole = Array.isArray(history) && history.length === attempt && history.every(hasResult);
    if (!isWhole)
      yield `its message on the exhausted queue has the results of ${history?.length} of ${attempt} attempts`;
  }
}

/** Whether every attempt was made and failed, or one that makes others useless. */
export function isUsedUp({ maxAttempts }: Line, { posts }: Delivery): boolean {
  if (posts.some(({ answer }) => answer === 'private')) return true;
  return Array.from({ length: maxAttempts }, (_, index) => index + 1).every((number) =>
    posts.some((post) => post.attempt === number && !post.isSuccess),
  );
}

function isSkipped(record: Item | undefined): boolean {
  const status = parseDeliveryStatus(record?.status);
  return status !== undefined && IS_SKIPPED[status];
}

/** Deliveries of system events are recorded, and never sent to the exhausted queue. */
function isSystemEvent({ event }: Line): boolean {
  return event?.type.startsWith('webhook.') === true;
}

/** A test is sent whatever types the webhook wants. */
function isUnwanted({ kind, event }: Line, item: Item): boolean {
  return kind === 'event' && event !== undefined && Array.isArray(item.events) && !wants(item, event.type);
}

function wasEver(
  { statesOf }: Evidence,
  { acceptedAt, webhookId }: Line,
  was: (item: Item | undefined) => boolean,
): boolean {
  return statesOf(webhookId, acceptedAt, Number.POSITIVE_INFINITY).some(was);
}

function attemptsOf({ posts }: Delivery): string {
  return posts.map(({ attempt }) => attempt).join(', ');
}

import { type DeliveryStatus, parseDeliveryStatus } from '../../lambdas/shared/domain/delivery.ts';
import type { Item } from '../history.ts';
import type { Delivery, DeliveryChain } from './delivery-chains.ts';
import type { Evidence } from './evidence.ts';
import { hasResult, lostPosts } from './records.ts';
import { hasBrokenSecret, isActive, isSubscribedTo } from './webhook-items.ts';

/** The statuses of a delivery for which the next attempt is not made. */
const IS_SKIPPED: Readonly<Record<DeliveryStatus, boolean>> = {
  retrying: false,
  delivered: false,
  exhausted: false,
  canceled: true,
  held: true,
};

/** Every delivery ended in one visible state that agrees with its requests. */
export function* checkOutcome(
  evidence: Evidence,
  chain: DeliveryChain,
  delivery: Delivery,
): Generator<string> {
  yield* checkExhaustedMessages(delivery);
  if (lostPosts(evidence, delivery).length > 0) return yield* checkWithoutRecord(chain, delivery);
  const { record, posts, isOnPoison, exhausted } = delivery;
  const status = parseDeliveryStatus(record?.status);
  switch (status) {
    case undefined:
      // A resend marks the delivery before it enqueues the new one. Without an answer, the customer tries again.
      if (delivery.isResent && !evidence.resent.has(delivery.id) && !evidence.enqueued.has(delivery.id))
        return;
      if (record?.status !== undefined) yield `its status is ${String(record.status)}`;
      else if (!isOnPoison && !evidence.isUndispatched(chain.eventId))
        yield 'it is lost: it has no record and is on no queue';
      return;
    case 'retrying':
      if (!isOnPoison) yield 'it is recorded as retrying, and nothing will retry it';
      return;
    case 'delivered':
      if (!posts.some(({ isSuccess }) => isSuccess))
        yield 'it is recorded as delivered, and no endpoint answered 200';
      if (exhausted.length > 0 && !chain.faults.some(({ secondCopy }) => secondCopy))
        yield 'it is recorded as delivered, and is on the exhausted queue';
      return;
    case 'exhausted':
      if (isSystemEvent(chain)) {
        if (exhausted.length > 0) yield 'it is a system event, and is on the exhausted queue';
      } else if (
        exhausted.length === 0 &&
        !delivery.isRedriven &&
        !isOnPoison &&
        !isRepeatedByCopy(chain, record)
      )
        yield 'it is recorded as exhausted, and is not on the exhausted queue';
      if (!isUsedUp(chain, delivery)) yield `it ended as exhausted after attempts ${attemptsOf(delivery)}`;
      return;
    case 'canceled':
      if (!wasEver(evidence, chain, (item) => item === undefined || isUnsubscribed(chain, item)))
        yield 'it is canceled, and its webhook was never deleted and always subscribed to it';
      return;
    case 'held':
      if (!wasEver(evidence, chain, (item) => !isActive(item)) && !hasBrokenSecret(evidence, chain.webhookId))
        yield 'it is held, and its webhook was always active';
      return;
    default:
      status satisfies never;
  }
}

/**
 * A copy of the message finds that a recovery has repeated the delivery meanwhile, so it enqueues no exhausted message.
 */
function isRepeatedByCopy({ faults }: DeliveryChain, record: Item | undefined): boolean {
  return typeof record?.resent_as === 'string' && faults.some(({ secondCopy }) => secondCopy);
}

/** A delivery whose attempt is not recorded continues: a success ends it, a failure is retried. */
function* checkWithoutRecord(chain: DeliveryChain, delivery: Delivery): Generator<string> {
  const { posts, record, isOnPoison, isRedriven, exhausted } = delivery;
  const success = posts.find(({ isSuccess, read }) => isSuccess && read !== undefined);
  if (success?.read !== undefined) {
    const readAt = success.read.at;
    const later = posts.filter(({ at }) => at > readAt).length;
    if (later > 0 && !chain.faults.some(({ secondCopy }) => secondCopy))
      yield `an environment read a 200 and was not killed, and ${later} more requests were made`;
  }
  if (posts.some(({ isSuccess }) => isSuccess) || isOnPoison) return;
  if (isSkipped(record)) return;
  const isExhausted = exhausted.length > 0 || isRedriven || isSystemEvent(chain);
  if (!isUsedUp(chain, delivery) || !isExhausted)
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

/** Whether all attempts were made and failed, or one failed in a way that ends the delivery. */
export function isUsedUp(chain: DeliveryChain, { posts, resendOf }: Delivery): boolean {
  const { kind } = chain;
  // The repeat of a system event is sent once: the stored event does not contain the webhook that it is about.
  const maxAttempts = resendOf !== undefined && isSystemEvent(chain) ? 1 : chain.maxAttempts;
  if (posts.some(({ answer }) => answer === 'private' || (answer === 'gone' && kind === 'event')))
    return true;
  return Array.from({ length: maxAttempts }, (_, index) => index + 1).every((number) =>
    posts.some((post) => post.attempt === number && !post.isSuccess),
  );
}

function isSkipped(record: Item | undefined): boolean {
  const status = parseDeliveryStatus(record?.status);
  return status !== undefined && IS_SKIPPED[status];
}

/** Whether the event is a system event. Its deliveries are recorded, and never sent to the exhausted queue. */
function isSystemEvent({ event }: DeliveryChain): boolean {
  return event?.type.startsWith('webhook.') === true;
}

/** Whether the webhook is not subscribed to the event. A test is sent without a subscription. */
function isUnsubscribed({ kind, event }: DeliveryChain, item: Item): boolean {
  return (
    kind === 'event' && event !== undefined && Array.isArray(item.events) && !isSubscribedTo(item, event.type)
  );
}

function wasEver(
  { statesOf }: Evidence,
  { acceptedAt, webhookId }: DeliveryChain,
  was: (item: Item | undefined) => boolean,
): boolean {
  return statesOf(webhookId, acceptedAt, Number.POSITIVE_INFINITY).some(was);
}

function attemptsOf({ posts }: Delivery): string {
  return posts.map(({ attempt }) => attempt).join(', ');
}

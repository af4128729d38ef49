import type { Item } from '../history.ts';
import type { DeliveryChain } from './delivery-chains.ts';
import type { Evidence } from './evidence.ts';
import type { Post } from './post.ts';
import { checkSignature } from './signatures.ts';
import { isActive, isSubscribedTo } from './webhook-items.ts';

/** A webhook is read just before its requests are signed, and the signature's time is in whole seconds. */
const LAG_MS = 2_000;
/** The longest additional time between signing and sending if a fault delays the answer to an AWS call. */
const MAX_DELAY_MS = 60_000;

/** Every request is signed and of the account of its URL's webhook, and was sent while the webhook was active. */
export function* checkPosts(evidence: Evidence, chains: readonly DeliveryChain[]): Generator<string> {
  const chainOf = new Map(chains.flatMap((chain) => chain.deliveryIds.map((id) => [id, chain] as const)));
  for (const post of evidence.posts) {
    for (const problem of checkPost(evidence, chainOf.get(post.deliveryId), post))
      yield `POST of ${post.eventId} to ${post.url}: ${problem}`;
  }
}

function* checkPost(evidence: Evidence, chain: DeliveryChain | undefined, post: Post): Generator<string> {
  const { url, at, headers, body, eventId } = post;
  const webhookId = evidence.owners.get(url);
  if (webhookId === undefined) return yield 'no webhook ever had this URL';
  const isDelayed =
    chain?.faults.some(({ afterEnd, late, fact }) => (afterEnd || late) && fact.at <= at) ?? false;
  const delayMs = isDelayed ? MAX_DELAY_MS : 0;
  const signedAt = Number(headers['X-Webhook-Timestamp']) * 1000;
  const states = evidence.statesOf(webhookId, signedAt - LAG_MS - delayMs, at);
  yield* checkSignature(evidence, post, states, delayMs);
  if (post.isChallenge) {
    if (!states.some((item) => item !== undefined)) yield 'its webhook had been deleted';
    return;
  }
  const event = evidence.stored.get(`${evidence.accountOf(webhookId)} ${eventId}`);
  if (!states.some((item) => isActive(item) && item?.url === url))
    yield 'its webhook was not active at this URL';
  const isUnsubscribed = (item: Item | undefined) => event !== undefined && !isSubscribedTo(item, event.type);
  if (chain?.kind === 'event' && states.every(isUnsubscribed))
    yield 'its webhook was not subscribed to this type';
  if (event === undefined) return yield `the account of ${webhookId} has no such event`;
  if (event.body !== body) yield 'its body is not the one that was stored';
  if (!event.webhookIds.includes(webhookId)) yield `${webhookId} is not among its subscribed webhooks`;
  if (chain?.webhookId !== webhookId || chain.eventId !== eventId)
    yield `${post.deliveryId} is not the id of this delivery`;
}

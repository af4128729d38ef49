import type { DeliveryChain } from './delivery-chains.ts';
import type { Evidence } from './evidence.ts';
import { isActive, isSubscribedTo } from './webhook-items.ts';

/** `webhook.retry` and `webhook.exhausted` are published once for each cause, if a webhook is subscribed. */
export function* checkSystemEvents(evidence: Evidence, chains: readonly DeliveryChain[]): Generator<string> {
  for (const chain of chains) {
    if (chain.kind !== 'event' || chain.event?.type.startsWith('webhook.')) continue;
    yield* checkMissing(evidence, chain);
  }
  yield* checkCauses(evidence, chains);
}

function* checkMissing(evidence: Evidence, chain: DeliveryChain): Generator<string> {
  if (chain.faults.some(({ systemEvent, secondCopy }) => systemEvent || secondCopy)) return;
  const published = eventsAbout(evidence, chain);
  for (const { posts, id, record } of chain.deliveries) {
    for (const { attempt, at } of posts) {
      if (attempt === 1 || !isSubscribed(evidence, chain, 'webhook.retry', at)) continue;
      const isThere = published.some(
        ({ type, data }) => type === 'webhook.retry' && data.retry_count === attempt - 2,
      );
      if (!isThere) yield `attempt ${attempt} was made, and no webhook.retry was published before it`;
    }
    const last = posts.at(-1);
    if (record?.status !== 'exhausted' || last === undefined) continue;
    if (!isSubscribed(evidence, chain, 'webhook.exhausted', last.endedAt)) continue;
    if (!published.some(({ type, data }) => type === 'webhook.exhausted' && data.delivery_id === id))
      yield `${id} is exhausted, and no webhook.exhausted was published`;
  }
}

/** Whether a webhook of the account was subscribed all the time from the event's acceptance to `until`. */
function isSubscribed(evidence: Evidence, chain: DeliveryChain, type: string, until: number): boolean {
  return [...evidence.webhookStates.keys()]
    .filter((id) => evidence.accountOf(id) === chain.accountId)
    .some((id) =>
      evidence
        .statesOf(id, chain.acceptedAt, until)
        .every((item) => isActive(item) && isSubscribedTo(item, type)),
    );
}

interface SystemEvent {
  readonly type: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function eventsAbout(
  { accepted }: Evidence,
  { eventId, webhookId, accountId }: DeliveryChain,
): SystemEvent[] {
  return accepted.flatMap(({ event: { detail, 'detail-type': type } }) => {
    const { data } = detail;
    if (detail.about_webhook_id !== webhookId || detail.account_id !== accountId) return [];
    if (typeof data !== 'object' || data === null) return [];
    if (Reflect.get(data, 'original_event_id') !== eventId) return [];
    return [{ type, id: String(detail.id), data: { ...data } }];
  });
}

/**
 * `webhook.warned` and `webhook.disabled` are published only after a sender wrote that state. In real time the writer
 * is unknown.
 */
function* checkHealthEvent(
  { webhookStates }: Evidence,
  { webhookId }: DeliveryChain,
  type: 'webhook.warned' | 'webhook.disabled',
  data: Readonly<Record<string, unknown>>,
): Generator<string> {
  const states = webhookStates.get(webhookId) ?? [];
  const isTrue = states.some(
    ({ item, by = 'sender' }) =>
      by === 'sender' &&
      (type === 'webhook.warned'
        ? item?.warned_at !== undefined
        : item?.status === 'disabled' && item.disabled_reason === data.reason),
  );
  if (!isTrue) yield `${type} was published, and ${webhookId} never was`;
}

/** Each system event follows a failed attempt, and the same cause gives the same id. */
function* checkCauses(evidence: Evidence, chains: readonly DeliveryChain[]): Generator<string> {
  let withCause = 0;
  for (const chain of chains) {
    const about = eventsAbout(evidence, chain);
    withCause += about.length;
    for (const { type, data } of about) {
      if (type === 'webhook.warned' || type === 'webhook.disabled') {
        yield* checkHealthEvent(evidence, chain, type, data);
        continue;
      }
      const attempt = type === 'webhook.retry' ? Number(data.retry_count) + 1 : Number(data.attempts);
      if (!chain.posts.some((post) => post.attempt === attempt && !post.isSuccess))
        yield `${type} was published, and attempt ${attempt} of ${chain.eventId} did not fail`;
    }
    for (const [name, same] of Map.groupBy(about, ({ type, data }) => `${type} ${data.retry_count ?? ''}`)) {
      const ids = new Set(same.map(({ id }) => id));
      if (ids.size > chain.deliveries.length + endsWithoutRecord(chain))
        yield `${name} of ${chain.eventId} was published under ${ids.size} ids`;
    }
  }
  const all = evidence.accepted.filter(({ event: { detail } }) => detail.about_webhook_id !== undefined);
  if (all.length > withCause) yield `${all.length - withCause} system events are about no delivery`;
}

/**
 * How often a delivery may have ended without a record of it. Another copy of its message, if there is one, then starts
 * again, and may end at another attempt. The id of a system event contains the number of the attempt.
 */
function endsWithoutRecord({ faults }: DeliveryChain): number {
  if (!faults.some(({ secondCopy }) => secondCopy)) return 0;
  return faults.filter(({ record }) => record !== undefined).length;
}

import { inflateRawSync } from 'node:zlib';
import {
  deliveryIdOf,
  parseAccountId,
  parseEventId,
  parseWebhookId,
  redrivenDeliveryId,
} from '../../lambdas/shared/domain/ids.ts';
import { accountName } from '../api-client.ts';
import { crowdUrl, urlOf } from '../customers.ts';
import { EVERYBODY, type Item, type Post, type Touch } from '../history.ts';
import type { Played } from '../play.ts';
import type { Scenario, WebhookSpec } from '../scenario.ts';
import { RETRY_DELAYS_MS } from './contract.ts';

/** An event's item, as the deliveries table holds it in the end. */
export interface StoredEvent {
  readonly accountId: string;
  readonly id: string;
  readonly type: string;
  readonly body: string;
  readonly acceptedAt: number;
  readonly webhookIds: readonly string[];
}

/** Run and end of a scenario, arranged for the checks. */
export interface Evidence extends Played {
  readonly scenario: Scenario;
  /** By account and event id, with a space between. */
  readonly stored: ReadonlyMap<string, StoredEvent>;
  /** By delivery id. */
  readonly records: ReadonlyMap<string, Item>;
  readonly postsOf: ReadonlyMap<string, readonly Post[]>;
  /** Messages on the exhausted queue, by delivery id. */
  readonly exhausted: ReadonlyMap<string, readonly string[]>;
  /** Texts on the poison queue. */
  readonly poison: readonly string[];
  /** Webhook ids by URL. */
  readonly owners: ReadonlyMap<string, string>;
  readonly retryDelaysMs: readonly number[];
  accountOf(webhookId: string): string | undefined;
  /** What the scenario says of a webhook; undefined for one of the crowd. */
  specOf(webhookId: string): WebhookSpec | undefined;
  /** What the webhook was at any time from then until then; undefined among them: it was not there. */
  statesOf(webhookId: string, from: number, to: number): readonly (Item | undefined)[];
  /** Faults that this event's delivery to this webhook may have felt. */
  touchesOf(eventId: string, webhookId: string): readonly Touch[];
  /** The delivery and what it became each time it was redriven. */
  deliveriesOf(event: StoredEvent, webhookId: string): readonly string[];
  onPoison(deliveryId: string): boolean;
}

export function gatherEvidence(scenario: Scenario, played: Played): Evidence {
  const { history, remains } = played;
  const owners = new Map<string, string>();
  for (const [id, states] of history.webhookStates) {
    for (const { item } of states) {
      for (const url of [item?.url, item?.pending_url]) if (typeof url === 'string') owners.set(url, id);
    }
  }
  const accounts = new Map<string, string>();
  scenario.webhooks.forEach(({ account }, index) => {
    const id = owners.get(urlOf(index));
    if (id !== undefined) accounts.set(id, accountName(account));
  });
  for (let member = 0; member < scenario.crowd; member++) {
    accounts.set(owners.get(crowdUrl(member)) ?? '', accountName(0));
  }

  const stored = new Map(
    remains.events.map((item) => [`${item.account_id} ${item.event_id}`, storedEvent(item)]),
  );
  const poison = remains.queues.Poison ?? [];
  return {
    ...played,
    retryDelaysMs: played.retryDelaysMs ?? RETRY_DELAYS_MS,
    scenario,
    stored,
    owners,
    poison,
    records: new Map(remains.records.map((item) => [String(item.sk).slice('DELIVERY#'.length), item])),
    postsOf: Map.groupBy(history.posts, ({ deliveryId }) => deliveryId),
    exhausted: Map.groupBy(remains.queues.Exhausted ?? [], (body) => String(JSON.parse(body).delivery_id)),
    accountOf: (webhookId) => accounts.get(webhookId),
    specOf: (webhookId) => scenario.webhooks.find((_, index) => owners.get(urlOf(index)) === webhookId),
    statesOf(webhookId, from, to) {
      const states = history.webhookStates.get(webhookId) ?? [];
      const before = states.findLast(({ at }) => at < from);
      return [before?.item, ...states.filter(({ at }) => at >= from && at <= to).map(({ item }) => item)];
    },
    touchesOf: (eventId, webhookId) => [
      ...(history.touched.get(`${eventId} ${webhookId}`) ?? []),
      ...(history.touched.get(`${accounts.get(webhookId)}/${eventId} *`) ?? []),
      ...(history.touched.get(EVERYBODY) ?? []),
      ...history.accepted
        .filter(
          ({ event: { detail } }) => detail.id === eventId && detail.account_id === accounts.get(webhookId),
        )
        .slice(1)
        .map(({ at }) => ({ at, what: 'the publisher published it again' })),
    ],
    deliveriesOf(event, webhookId) {
      const chain = [
        deliveryIdOf({
          accountId: known(parseAccountId(event.accountId)),
          eventId: known(parseEventId(event.id)),
          webhookId: known(parseWebhookId(webhookId)),
          acceptedAt: event.acceptedAt,
        }),
      ];
      for (let last = chain.at(-1); last !== undefined; last = chain.at(-1)) {
        if (!history.redriven.some(({ deliveryId }) => deliveryId === last)) break;
        chain.push(redrivenDeliveryId(last));
      }
      return chain;
    },
    onPoison: (deliveryId) => poison.some((text) => text.includes(deliveryId)),
  };
}

function storedEvent(item: Item): StoredEvent {
  return {
    accountId: String(item.account_id),
    id: String(item.event_id),
    type: String(item.type),
    body: bodyOf(item),
    acceptedAt: Number(item.accepted_at),
    webhookIds: Array.isArray(item.webhook_ids) ? item.webhook_ids.map(String) : [],
  };
}

/** Long ones are compressed. */
function bodyOf({ body, body_deflated: deflated }: Item): string {
  return deflated instanceof Uint8Array ? inflateRawSync(deflated).toString() : String(body);
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a table holds what is no id');
  return value;
}

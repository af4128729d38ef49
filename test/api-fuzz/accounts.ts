import { isDeepStrictEqual } from 'node:util';
import { encodeDeliveryCursor, encodeListCursor } from '../../lambdas/serve-api/webhooks/list-cursor.ts';
import {
  type AccountId,
  type DeliveryId,
  deliveryIdOf,
  type EventId,
  newEventId,
  newListenerId,
  newWebhookId,
  parseWebhookId,
  type WebhookId,
} from '../../lambdas/shared/domain/ids.ts';
import type { Listener } from '../../lambdas/shared/domain/listener.ts';
import { WEBHOOK_STATUSES, type Webhook } from '../../lambdas/shared/domain/webhook.ts';
import { accountId, attempt, NOW } from '../support/builders.ts';
import type { Expectations, FuzzAnswer, SentRequest } from './answer-rules.ts';
import { writeBody } from './bodies.ts';
import type { Deployment } from './deployment.ts';
import type { FuzzRequest } from './requests.ts';

const MIN_OWN_WEBHOOKS = 8;
const MAX_OWN_WEBHOOKS = 16;

/** An account whose data contains a text that the data of no other account contains. */
interface FuzzAccount {
  readonly account: AccountId;
  readonly key: string;
  /** In the URL, description and secret of each of its webhooks. */
  readonly canary: string;
  readonly ids: WebhookId[];
  /** An event with the canary in its data, and a failed delivery with the canary in its response. */
  readonly logged: {
    readonly eventId: EventId;
    readonly webhookId: WebhookId;
    readonly deliveryId: DeliveryId;
  };
  /** It is not gone while requests are sent. It has a delivery with the canary. */
  readonly listener: Listener;
}

type Stores = Pick<
  Deployment,
  'webhooks' | 'deliveries' | 'listeners' | 'listenerDeliveries' | 'keyring' | 'apiKeys'
>;

/**
 * Creates three accounts: the caller, whose webhooks are created and deleted; another account with a valid key; and the
 * victim, whose ids and cursors are known to the caller and whose only key is revoked. No answer may contain data of the
 * victim, and no request may change it.
 */
export async function createFuzzAccounts(stores: Stores) {
  const caller = await createAccount(stores, 'acct_caller', 'canary-caller-5f0c');
  const other = await createAccount(stores, 'acct_other', 'canary-other-9d21');
  const victim = await createAccount(stores, 'acct_victim', 'canary-victim-e7b3');
  await stores.apiKeys.revoke(victim.key, NOW);
  const victimBefore = await stores.webhooks.listSubscribers(victim.account);

  const at = (ids: readonly WebhookId[], index: string | undefined) =>
    ids[Number(index ?? 0) % ids.length] ?? 'none';
  const resolve = (text: string): string =>
    text.replaceAll(/@([a-z-]+)(?::(\d))?@/g, (whole, name: string, index: string | undefined) => {
      switch (name) {
        case 'key':
          return caller.key;
        case 'other-key':
          return other.key;
        case 'revoked-key':
          return victim.key;
        case 'changed-foreign-key':
          return other.key.slice(0, -1);
        case 'own':
          return at(caller.ids, index);
        case 'foreign':
          return at(victim.ids, index);
        case 'own-event':
          return caller.logged.eventId;
        case 'foreign-event':
          return victim.logged.eventId;
        case 'own-logged':
          return caller.logged.webhookId;
        case 'foreign-logged':
          return victim.logged.webhookId;
        case 'own-listener':
          return caller.listener.id;
        case 'foreign-listener':
          return victim.listener.id;
        case 'own-delivery':
          return caller.logged.deliveryId;
        case 'foreign-delivery':
          return victim.logged.deliveryId;
        case 'delivery-cursor':
          return deliveryCursorOf(caller);
        case 'foreign-delivery-cursor':
          return deliveryCursorOf(victim);
        case 'unknown':
          return newWebhookId(NOW);
        case 'foreign-account':
          return victim.account;
        case 'cursor':
          return cursorOf(caller.account, caller);
        case 'foreign-cursor':
          return cursorOf(victim.account, victim);
        case 'forged-cursor':
          return cursorOf(caller.account, victim);
        default:
          return whole;
      }
    });
  const byKey = (authorization: string | undefined): FuzzAccount | undefined => {
    const key = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    return [caller, other].find((candidate) => candidate.key === key);
  };

  return {
    victim: {
      name: victim.account,
      /** Whether all fields of its webhooks and its listener are unchanged. */
      isUnchanged: async () =>
        isDeepStrictEqual(await stores.webhooks.listSubscribers(victim.account), victimBefore),
    },
    /** Keys and signing secrets, which must not be logged. */
    secrets: [caller, other, victim].flatMap(({ key, canary }) => [key, secretOf(canary)]),
    /** Replaces the placeholders of a request. Also returns the expectations for its answer. */
    prepare({ authorization, headers, body, ...request }: FuzzRequest): [SentRequest, Expectations] {
      const credentials = authorization === undefined ? undefined : resolve(authorization);
      const known = byKey(credentials);
      const sent: SentRequest = {
        method: request.method,
        target: resolve(request.target),
        headers: [
          ...headers,
          ...(credentials === undefined ? [] : [['authorization', credentials] as const]),
        ],
        body: body && writeBody(body, resolve),
      };
      const foreign = [caller, other, victim].filter((candidate) => candidate !== known);
      const secrets = [
        ...foreign.map(({ canary }) => canary),
        ...[caller, other, victim].flatMap(({ key, canary }) => [key, secretOf(canary)]),
      ];
      return [sent, { hasValidKey: known !== undefined, secrets }];
    },
    /**
     * Records the webhooks that the caller creates and deletes. Keeps their number between MIN_OWN_WEBHOOKS and
     * MAX_OWN_WEBHOOKS. Every second new webhook is verified.
     */
    async follow(request: SentRequest, { status, text, headers }: FuzzAnswer): Promise<void> {
      // A repeated answer names a webhook that may have been deleted since.
      const isNew = status === 201 && headers['idempotent-replayed'] === undefined;
      const created = isNew ? parseWebhookId(JSON.parse(text).id) : undefined;
      if (created !== undefined && caller.ids.push(created) % 2 === 0) {
        await answerChallenge(stores, caller.account, created);
      }
      if (status === 204) {
        const deleted = caller.ids.findIndex((id) => request.target.includes(id));
        if (deleted >= 0) caller.ids.splice(deleted, 1);
      }
      if (status === 204 && request.target.includes(caller.listener.id)) {
        await stores.listeners.create(caller.listener);
      }
      while (caller.ids.length < MIN_OWN_WEBHOOKS) await createWebhook(stores, caller);
      while (caller.ids.length > MAX_OWN_WEBHOOKS) {
        const oldest = caller.ids.shift();
        if (oldest !== undefined) await stores.webhooks.remove(caller.account, oldest);
      }
    },
  };
}

async function createAccount(stores: Stores, name: string, canary: string): Promise<FuzzAccount> {
  const account = accountId(name);
  const { key } = await stores.apiKeys.create(account, 'fuzz', NOW);
  const created = { account, key, canary, ids: [] as WebhookId[] };
  while (created.ids.length < MIN_OWN_WEBHOOKS) await createWebhook(stores, created);
  return {
    ...created,
    logged: await createDelivery(stores, created),
    listener: await createListener(stores, created),
  };
}

async function createListener(
  { listeners, listenerDeliveries, keyring }: Stores,
  { account, canary }: Pick<FuzzAccount, 'account' | 'canary'>,
): Promise<Listener> {
  const id = newListenerId(NOW);
  const createdAt = new Date(NOW).toISOString();
  const secret = await keyring.seal(secretOf(canary), { accountId: account, webhookId: id }, createdAt);
  const listener: Listener = {
    id,
    accountId: account,
    events: ['*'],
    secret,
    createdAt: NOW,
    polledAt: NOW + 365 * 86_400_000,
  };
  await listeners.create(listener);
  const names = { accountId: account, eventId: newEventId(), webhookId: id, acceptedAt: NOW };
  await listenerDeliveries.put(
    [
      {
        ...names,
        listenerId: id,
        deliveryId: deliveryIdOf(names),
        eventType: 'file.uploaded',
        body: canary,
        limitReached: false,
      },
    ],
    NOW,
  );
  return listener;
}

async function createDelivery(
  { deliveries }: Stores,
  { account, canary, ids }: Omit<FuzzAccount, 'logged' | 'listener'>,
): Promise<FuzzAccount['logged']> {
  const [webhookId = newWebhookId(NOW)] = ids;
  const eventId = newEventId();
  const names = { accountId: account, eventId, webhookId, acceptedAt: NOW };
  const deliveryId = deliveryIdOf(names);
  const type = 'file.uploaded';
  const createdAt = new Date(NOW).toISOString();
  await deliveries.putEvent({
    id: eventId,
    accountId: account,
    type,
    body: JSON.stringify({ id: eventId, type, created: createdAt, data: { canary } }),
    acceptedAt: NOW,
    busEventId: '7bf73129-1428-4cd3-a780-95db273d1602',
    webhookIds: ids.slice(0, 2),
  });
  await deliveries.recordFailure(
    { ...names, deliveryId, eventType: type, kind: 'event', trigger: 'event' },
    attempt({ excerpt: canary, responseHeaders: { server: canary } }),
    'exhausted',
  );
  return { eventId, webhookId, deliveryId };
}

/** The webhooks of an account have all statuses in turn. */
async function createWebhook(
  { webhooks, keyring }: Stores,
  { account, canary, ids }: Omit<FuzzAccount, 'logged' | 'listener'>,
): Promise<void> {
  const id = newWebhookId(NOW);
  const status = WEBHOOK_STATUSES[ids.length % WEBHOOK_STATUSES.length] ?? 'active';
  const createdAt = new Date(NOW).toISOString();
  const owner = { accountId: account, webhookId: id };
  const webhook: Webhook = {
    id,
    accountId: account,
    url: `https://${canary}.example/hook`,
    events: ['file.*'],
    description: canary,
    status,
    verified: status === 'active' || status === 'disabled',
    secrets: [await keyring.seal(secretOf(canary), owner, createdAt)],
    createdAt,
    updatedAt: createdAt,
  };
  await webhooks.create(webhook);
  ids.push(id);
}

async function answerChallenge({ webhooks }: Stores, account: AccountId, id: WebhookId): Promise<void> {
  const challenge = (await webhooks.get(account, id))?.verification;
  if (challenge !== undefined)
    await webhooks.activate(account, id, challenge.id, new Date(NOW).toISOString());
}

function secretOf(canary: string): string {
  return `the-secret-of-${canary}`;
}

function deliveryCursorOf({ account, logged }: FuzzAccount): string {
  return encodeDeliveryCursor(account, logged.webhookId, { order: 'newest_first', after: logged.deliveryId });
}

function cursorOf(account: AccountId, { ids }: FuzzAccount): string {
  const [first] = ids;
  return first === undefined ? '' : encodeListCursor(account, first);
}

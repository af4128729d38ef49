import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseAccountId,
  parseDeliveryId,
  parseEventId,
  parseListenerId,
  parseWebhookId,
} from '../../lambdas/shared/domain/ids.ts';
import * as keys from '../../lambdas/shared/store/keys.ts';

const accountId = idOf('', parseAccountId);
const eventId = idOf('', parseEventId);
const webhookId = idOf('wh_', parseWebhookId);
const listenerId = idOf('lsn_', parseListenerId);
const deliveryId = idOf('dlv_', parseDeliveryId);
const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));

/** Every kind of key, made of any ids. */
const anyKey = fc.oneof(
  fc.record({ account: accountId, webhook: webhookId }).map(({ account, webhook }) => ({
    names: ['webhook', account, webhook],
    key: keys.webhookKey(account, webhook),
  })),
  fc.record({ account: accountId, webhook: webhookId, delivery: deliveryId }).map((of) => ({
    names: ['delivery', of.account, of.webhook, of.delivery],
    key: keys.deliveryKey(of.account, of.webhook, of.delivery),
  })),
  fc.record({ account: accountId, listener: listenerId }).map(({ account, listener }) => ({
    names: ['listener', account, listener],
    key: keys.listenerKey(account, listener),
  })),
  fc.record({ account: accountId, listener: listenerId, delivery: deliveryId }).map((of) => ({
    names: ['listener delivery', of.account, of.listener, of.delivery],
    key: keys.listenerDeliveryKey(of.account, of.listener, of.delivery),
  })),
  fc.record({ account: accountId, event: eventId }).map(({ account, event }) => ({
    names: ['event', account, event],
    key: keys.eventKey(account, event),
  })),
  hash.map((sha256) => ({ names: ['api key', sha256], key: keys.apiKeyKey(sha256) })),
  fc.record({ account: accountId, sha256: hash }).map(({ account, sha256 }) => ({
    names: ['idempotency key', account, sha256],
    key: keys.idempotencyKey(account, sha256),
  })),
  fc.nat().map((number) => ({ names: ['data key', String(number)], key: keys.dataKeyKey(number) })),
);

describe('keys', () => {
  it('are parsed to the ids that they were built from', () => {
    fc.assert(
      fc.property(accountId, webhookId, deliveryId, hash, (account, webhook, delivery, sha256) => {
        expect(keys.parseWebhookKey(keys.webhookKey(account, webhook))).toEqual({
          accountId: account,
          webhookId: webhook,
        });
        expect(keys.parseDeliveryKey(keys.deliveryKey(account, webhook, delivery))).toEqual({
          accountId: account,
          webhookId: webhook,
          deliveryId: delivery,
        });
        expect(keys.parseApiKeyKey(keys.apiKeyKey(sha256))).toBe(sha256);
      }),
    );
    fc.assert(
      fc.property(accountId, listenerId, deliveryId, (account, listener, delivery) => {
        expect(keys.parseListenerKey(keys.listenerKey(account, listener))).toEqual({
          accountId: account,
          listenerId: listener,
        });
        expect(keys.parseListenerDeliveryKey(keys.listenerDeliveryKey(account, listener, delivery))).toEqual({
          accountId: account,
          listenerId: listener,
          deliveryId: delivery,
        });
      }),
    );
  });

  it('of webhooks and of listeners begin with the prefix of both, and only their own with its own', () => {
    fc.assert(
      fc.property(accountId, webhookId, listenerId, (account, webhook, listener) => {
        const { sk: ofWebhook } = keys.webhookKey(account, webhook);
        const { sk: ofListener } = keys.listenerKey(account, listener);
        const matching = (prefix: string) => [ofWebhook, ofListener].map((sk) => sk.startsWith(prefix));

        expect(matching(keys.SUBSCRIBER_SORT_KEYS)).toEqual([true, true]);
        expect(matching(keys.WEBHOOK_SORT_KEYS)).toEqual([true, false]);
        expect(matching(keys.LISTENER_SORT_KEYS)).toEqual([false, true]);
        expect(keys.rateLimitKey(account, 'test').sk.startsWith(keys.SUBSCRIBER_SORT_KEYS)).toBe(false);
      }),
    );
  });

  it('are equal for the same ids and different for other ids', () => {
    fc.assert(
      fc.property(fc.array(anyKey, { minLength: 100, maxLength: 200 }), (made) => {
        const names = new Set(made.map((each) => JSON.stringify(each.names)));
        const keysMade = new Set(made.map(({ key }) => JSON.stringify([key.pk, key.sk])));

        expect(keysMade.size).toBe(names.size);
      }),
    );
  });

  it('of two accounts are never in the same partition [API-6]', () => {
    fc.assert(
      fc.property(
        accountId,
        accountId,
        webhookId,
        eventId,
        listenerId,
        (one, other, webhook, event, listener) => {
          fc.pre(one !== other);

          expect(keys.webhookKey(one, webhook).pk).not.toBe(keys.webhookKey(other, webhook).pk);
          expect(keys.rateLimitKey(one, 'test').pk).not.toBe(keys.rateLimitKey(other, 'test').pk);
          expect(keys.eventKey(one, event).pk).not.toBe(keys.eventKey(other, event).pk);
          expect(keys.listenerPartition(one, listener)).not.toBe(keys.listenerPartition(other, listener));
          expect(keys.webhookPartition(one, webhook)).not.toBe(keys.webhookPartition(other, webhook));
        },
      ),
    );
  });

  it('match exactly one leading-key pattern of their table', () => {
    const { account, apiKey, keyring, event, idempotency, webhookDeliveries, listenerDeliveries } =
      keys.KEY_PATTERNS;
    const expected: Record<string, string> = {
      webhook: account,
      'api key': apiKey,
      'data key': keyring,
      event,
      'idempotency key': idempotency,
      delivery: webhookDeliveries,
      listener: account,
      'listener delivery': listenerDeliveries,
    };
    const matches = (pattern: string, text: string): boolean =>
      pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;

    fc.assert(
      fc.property(anyKey, ({ names, key }) => {
        const matching = Object.values(keys.KEY_PATTERNS).filter((pattern) => matches(pattern, key.pk));

        expect(matching).toEqual([expected[names[0] ?? '']]);
      }),
    );
  });

  it('of another kind are not parsed', () => {
    const foreign = [
      { pk: 'ACCOUNT#a', sk: 'RATE#wh_1' },
      { pk: 'ACCOUNT#a#b', sk: 'WEBHOOK#wh_1' },
      { pk: 'ACCOUNT#a', sk: 'WEBHOOK#wh_1#x' },
      { pk: 'ACCOUNT#', sk: 'WEBHOOK#wh_1' },
      { pk: 'ACCOUNT#a', sk: 'WEBHOOK_LISTENER#wh_1' },
      { pk: 'ACCOUNT#a', sk: 'WEBHOOK_LISTENER#lsn_1#x' },
      { pk: 'LISTENER#a#lsn_1#x', sk: 'DELIVERY#dlv_1' },
      { pk: 'LISTENER#a#wh_1', sk: 'DELIVERY#dlv_1' },
      { pk: 'WEBHOOK#a', sk: 'DELIVERY#dlv_1' },
      { pk: 'WEBHOOK#a#wh_1#x', sk: 'DELIVERY#dlv_1' },
      { pk: 'KEY#abc', sk: 'KEY' },
      { pk: `KEY#${'a'.repeat(64)}`, sk: 'OTHER' },
      { pk: 7, sk: null },
      {},
    ];

    for (const key of foreign) {
      expect(keys.parseWebhookKey(key)).toBeUndefined();
      expect(keys.parseDeliveryKey(key)).toBeUndefined();
      expect(keys.parseListenerKey(key)).toBeUndefined();
      expect(keys.parseListenerDeliveryKey(key)).toBeUndefined();
      expect(keys.parseApiKeyKey(key)).toBeUndefined();
    }
  });
});

/** Any id. Often a short one of few letters: different ones give the same text when they are concatenated. */
function idOf<Id>(prefix: string, parse: (text: string) => Id | undefined): fc.Arbitrary<Id> {
  const rest = 64 - prefix.length;
  return fc
    .oneof(
      fc.stringMatching(new RegExp(`^${prefix}[ab_]{1,3}$`)),
      fc.stringMatching(new RegExp(`^${prefix}[A-Za-z0-9_-]{1,${rest}}$`)),
    )
    .map((text) => parse(text))
    .filter((id) => id !== undefined);
}

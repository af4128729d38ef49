import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeDeliveryCursor,
  decodeListCursor,
  encodeDeliveryCursor,
  encodeListCursor,
} from '../../lambdas/serve-api/webhooks/list-cursor.ts';
import { accountId, deliveryId, webhookId } from '../support/builders.ts';

const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const webhook = fc.stringMatching(/^wh_[A-Za-z0-9_-]{1,61}$/);
const delivery = fc.stringMatching(/^dlv_[A-Za-z0-9_-]{1,60}$/);

const position = (text: string) => ({ order: 'newest_first', after: deliveryId(text) }) as const;

describe('a cursor', () => {
  it('can be decoded only for its own account [API-19]', () => {
    fc.assert(
      fc.property(name, name, webhook, (one, other, text) => {
        const cursor = encodeListCursor(accountId(one), webhookId(text));

        expect(decodeListCursor(accountId(one), cursor)).toBe(text);
        if (one !== other) expect(decodeListCursor(accountId(other), cursor)).toBeUndefined();
      }),
    );
  });

  it('of deliveries can be decoded only for its own account and webhook [API-19]', () => {
    fc.assert(
      fc.property(name, name, webhook, webhook, delivery, (one, other, mine, theirs, text) => {
        const cursor = encodeDeliveryCursor(accountId(one), webhookId(mine), position(text));

        expect(decodeDeliveryCursor(accountId(one), webhookId(mine), cursor)).toEqual(position(text));
        if (one !== other) {
          expect(decodeDeliveryCursor(accountId(other), webhookId(mine), cursor)).toBeUndefined();
        }
        if (mine !== theirs) {
          expect(decodeDeliveryCursor(accountId(one), webhookId(theirs), cursor)).toBeUndefined();
        }
      }),
    );
  });

  it('of one kind of list is none of the other [API-19]', () => {
    fc.assert(
      fc.property(name, webhook, delivery, (one, mine, text) => {
        const account = accountId(one);

        const ofDeliveries = encodeDeliveryCursor(account, webhookId(mine), position(text));
        const ofWebhooks = encodeListCursor(account, webhookId(mine));

        expect(decodeListCursor(account, ofDeliveries)).toBeUndefined();
        expect(decodeDeliveryCursor(account, webhookId(mine), ofWebhooks)).toBeUndefined();
      }),
    );
  });
});

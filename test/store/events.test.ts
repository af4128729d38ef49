import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES, serializeBody } from '../../lambdas/shared/domain/event.ts';
import { newWebhookId } from '../../lambdas/shared/domain/ids.ts';
import { createDeliveryStore, type DeliveryStore } from '../../lambdas/shared/store/deliveries.ts';
import { eventItem, parseEventItem } from '../../lambdas/shared/store/event-item.ts';
import { TTL_ATTRIBUTE } from '../../lambdas/shared/store/iam-attributes.ts';
import { itemSize } from '../../lambdas/shared/store/item-size.ts';
import { decodeItem } from '../../lambdas/shared/store/items.ts';
import { eventKey } from '../../lambdas/shared/store/keys.ts';
import { startDynamoDB, type TestDynamoDB } from '../support/dynamodb.ts';
import { ACCEPTED_AT, anAccount, anEventId, aStoredEvent } from './builders.ts';

/** When an event that was accepted at ACCEPTED_AT expires. */
const EXPIRES_AT = ACCEPTED_AT + 30 * 24 * 60 * 60 * 1_000;
/** DynamoDB quota. */
const MAX_ITEM_BYTES = 400 * 1024;

const THOUSAND_IDS = Array.from({ length: 1000 }, () => newWebhookId(ACCEPTED_AT));

let db: TestDynamoDB;
let store: DeliveryStore;

beforeAll(async () => {
  db = await startDynamoDB();
  store = createDeliveryStore({ dynamodb: db.dynamodb, tableName: db.deliveriesTable });
});
afterAll(() => db.stop());

describe('an event', () => {
  it('is stored once: a later one with the same id does not replace it', async () => {
    const first = aStoredEvent(anAccount());
    await store.putEvent(first);

    const answer = await store.putEvent({ ...first, body: '{"other":true}', webhookIds: [] });

    expect(answer).toBe('exists');
    expect(await store.getEvent(first.accountId, first.id, ACCEPTED_AT)).toEqual(first);
  });

  it('is stored by one of several concurrent writes', async () => {
    const event = aStoredEvent(anAccount());

    const answers = await Promise.all([store.putEvent(event), store.putEvent(event), store.putEvent(event)]);

    expect(answers.sort()).toEqual(['exists', 'exists', 'stored']);
  });

  it('belongs to its account: the same id in another account is another event', async () => {
    const id = anEventId('order-1');
    const [mine, theirs] = [aStoredEvent(anAccount(), { id }), aStoredEvent(anAccount(), { id })];

    expect([await store.putEvent(mine), await store.putEvent(theirs)]).toEqual(['stored', 'stored']);
    expect(await store.getEvent(mine.accountId, id, ACCEPTED_AT)).toEqual(mine);
    expect(await store.getEvent(anAccount(), id, ACCEPTED_AT)).toBeUndefined();
  });

  it('can have an empty set of matching webhooks', async () => {
    const event = aStoredEvent(anAccount(), { webhookIds: [] });

    await store.putEvent(event);

    expect(await store.getEvent(event.accountId, event.id, ACCEPTED_AT)).toEqual(event);
  });

  it('expires 30 days after it was accepted', async () => {
    const event = aStoredEvent(anAccount());

    await store.putEvent(event);

    const item = await db.getRaw(db.deliveriesTable, eventKey(event.accountId, event.id));
    expect(item?.[TTL_ATTRIBUTE]).toBe(ACCEPTED_AT / 1000 + 30 * 24 * 60 * 60);
  });

  it('is not returned after it expired, even if DynamoDB has not deleted it yet', async () => {
    const event = aStoredEvent(anAccount());
    await store.putEvent(event);
    const afterwards = EXPIRES_AT + 1_000;

    expect(await store.getEvent(event.accountId, event.id, EXPIRES_AT)).toEqual(event);
    expect(await store.getEvent(event.accountId, event.id, afterwards)).toBeUndefined();
  });

  it('can be replaced after it expired, and not before [FAULT-19]', async () => {
    const first = aStoredEvent(anAccount());
    const second = { ...first, acceptedAt: EXPIRES_AT + 1_000, body: '{"second":true}' };
    await store.putEvent(first);

    expect(await store.putEvent(second, EXPIRES_AT)).toBe('exists');
    expect(await store.putEvent(second, EXPIRES_AT + 1_000)).toBe('stored');
    expect(await store.getEvent(first.accountId, first.id, second.acceptedAt)).toEqual(second);
  });

  it('does not repeat the ids of its key in other attributes', async () => {
    const event = aStoredEvent(anAccount(), { id: anEventId('evt_unique_id') });

    const { pk, sk, ...rest } = eventItem(event);

    expect([pk?.S, sk?.S]).toEqual([`EVENT#${event.accountId}#evt_unique_id`, 'EVENT']);
    expect(JSON.stringify({ ...rest, body: undefined })).not.toMatch(`${event.accountId}|evt_unique_id`);
    expect(Object.keys(rest).sort()).toEqual([
      'accepted_at',
      'body',
      'bus_event_id',
      'expires_at',
      'type',
      'webhook_ids',
    ]);
  });

  it('causes an error when its item is incomplete', async () => {
    const { accountId, id } = aStoredEvent(anAccount());
    await db.putRaw(db.deliveriesTable, { ...eventKey(accountId, id), type: 'ppt.generation.completed' });

    await expect(store.getEvent(accountId, id, ACCEPTED_AT)).rejects.toThrow(id);
  });
});

describe('a body', () => {
  it('of the largest size, of random base64, fits into an item with a thousand webhook ids', async () => {
    const body = JSON.stringify(randomBytes(MAX_BODY_BYTES).toString('base64')).slice(0, MAX_BODY_BYTES);
    const event = aStoredEvent(anAccount(), { body, webhookIds: THOUSAND_IDS });

    expect(await store.putEvent(event)).toBe('stored');
    expect(await store.getEvent(event.accountId, event.id, ACCEPTED_AT)).toEqual(event);
    expect(itemSize(eventItem(event))).toBeLessThan(MAX_ITEM_BYTES);
  });

  it('of the largest size fits even when compression does not make it smaller', () => {
    // Every character is its own random code point of the two-byte plane: 11 random bits in 16.
    const codes = new Uint16Array(randomBytes(MAX_BODY_BYTES).buffer, 0, MAX_BODY_BYTES / 2);
    const body = Array.from(codes, (code) => String.fromCharCode(0x80 + (code % 0x780))).join('');
    const event = aStoredEvent(anAccount(), { body, webhookIds: THOUSAND_IDS });

    expect(Buffer.byteLength(body)).toBe(MAX_BODY_BYTES);
    expect(itemSize(eventItem(event))).toBeLessThan(MAX_ITEM_BYTES);
  });

  it('is compressed when that saves a write unit, and is read unchanged', async () => {
    const body = JSON.stringify({ data: 'AI Development Trends '.repeat(500) });
    const event = aStoredEvent(anAccount(), { body });

    await store.putEvent(event);

    const item = await db.getRaw(db.deliveriesTable, eventKey(event.accountId, event.id));
    expect(item?.body).toBeUndefined();
    expect(itemSize(eventItem(event))).toBeLessThan(1024);
    expect(await store.getEvent(event.accountId, event.id, ACCEPTED_AT)).toEqual(event);
  });

  it.each([500, 1_400])(
    'of %i random characters is stored as text, since compression saves no write unit',
    (length) => {
      const body = JSON.stringify(randomBytes(length).toString('base64').slice(0, length));
      const event = aStoredEvent(anAccount(), { body });

      expect(eventItem(event).body?.S).toBe(body);
    },
  );

  it.each([
    ['emoji and other scripts', { text: 'Grüße 🎉 漢字 \u{1F468}\u200D\u{1F469}' }],
    ['escaped lone surrogates', { text: '\ud800 and \udc00' }],
    ['control characters and U+FFFF', { text: '\u0000\u0001\u001f\u007f\uffff\ufffe' }],
    ['nothing but structure', { deep: [[[[{}]]]] }],
  ])('with %s is read unchanged, plain and compressed', async (_, data) => {
    const account = anAccount();
    const domain = { accountId: account, type: 'file.uploaded', created: '2026-01-15T10:30:00Z' };
    const [small, large] = [aStoredEvent(account), aStoredEvent(account)];
    const plain = { ...small, body: serializeBody({ ...domain, id: small.id, data }) };
    const compressed = {
      ...large,
      body: serializeBody({ ...domain, id: large.id, data: Array.from({ length: 400 }, () => data) }),
    };

    await Promise.all([store.putEvent(plain), store.putEvent(compressed)]);

    expect(eventItem(compressed).body).toBeUndefined();
    expect(await store.getEvent(account, plain.id, ACCEPTED_AT)).toEqual(plain);
    expect(await store.getEvent(account, compressed.id, ACCEPTED_AT)).toEqual(compressed);
  });

  it('never needs more write units compressed than plain', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 40 }), (value, repeat) => {
        const body = JSON.stringify(Array.from({ length: repeat }, () => value));
        const event = aStoredEvent(anEvent.accountId, { body });

        const item = eventItem(event);
        const plain = itemSize(eventItem({ ...event, body: '' })) + Buffer.byteLength(body);

        expect(Math.ceil(itemSize(item) / 1024)).toBeLessThanOrEqual(Math.ceil(plain / 1024));
        expect(parseEventItem(decodeItem(item))).toEqual(event);
      }),
    );
  });
});

const anEvent = aStoredEvent(anAccount());

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deliveryIdOf,
  eventIdFromBus,
  newDeliveryId,
  newEventId,
  newRecoveryId,
  newWebhookId,
  parseAccountId,
  parseDeliveryId,
  parseEventId,
  parseWebhookId,
  repeatedDeliveryId,
  systemEventIdOf,
} from '../../lambdas/shared/domain/ids.ts';
import { accountId, eventId, NOW, webhookId } from '../support/builders.ts';

const idText = fc.stringMatching(/^[A-Za-z0-9_-]{1,60}$/);

describe('ids', () => {
  it('accepts only 1 to 64 characters of the allowed alphabet', () => {
    fc.assert(fc.property(idText, (text) => parseAccountId(text) === text));
    for (const bad of ['', 'a'.repeat(65), 'a b', 'a#b', 'ä', 'a\n', 7, null, undefined, {}]) {
      expect(parseAccountId(bad)).toBeUndefined();
      expect(parseEventId(bad)).toBeUndefined();
    }
  });

  it('creates new ids that the parsers accept', () => {
    expect(parseWebhookId(newWebhookId(NOW))).toMatch(/^wh_[0-9a-z]{24}$/);
    expect(parseEventId(newEventId())).toMatch(/^evt_[0-9a-z]{24}$/);
  });

  it('makes the same new ids from the same time and seed, and others from another seed', () => {
    const makers = [
      newWebhookId,
      newRecoveryId,
      newDeliveryId,
      (_: number, seed: string) => newEventId(seed),
    ];

    for (const make of makers) {
      expect(make(NOW, 'a')).toBe(make(NOW, 'a'));
      expect(make(NOW, 'b')).not.toBe(make(NOW, 'a'));
    }
    expect(newWebhookId(NOW, 'a')).toHaveLength(newWebhookId(NOW).length);
    expect(newEventId('a')).toHaveLength(newEventId().length);
    expect(newDeliveryId(NOW, 'a')).toHaveLength(newDeliveryId(NOW).length);
  });

  it('derives the id of an event without one from the id of the bus, without hyphens', () => {
    expect(eventIdFromBus('6a7e8feb-b491-4cf7-a9f1-bf3703467718')).toBe(
      'evt_6a7e8febb4914cf7a9f1bf3703467718',
    );
  });

  it('creates the same delivery id in every run, and another one when any argument differs', () => {
    const names = { accountId: accountId(), eventId: eventId(), webhookId: webhookId(), acceptedAt: NOW };
    const id = deliveryIdOf(names);

    expect(deliveryIdOf(names)).toBe(id);
    expect(parseDeliveryId(id)).toBe(id);
    const others = [
      deliveryIdOf({ ...names, accountId: accountId('acct_2') }),
      deliveryIdOf({ ...names, eventId: eventId('evt_2') }),
      deliveryIdOf({ ...names, webhookId: webhookId('wh_2') }),
      deliveryIdOf({ ...names, acceptedAt: NOW + 1 }),
      repeatedDeliveryId(id),
    ];
    expect(new Set([id, ...others]).size).toBe(6);
  });

  it('sorts webhooks as text in the order of creation, in any millisecond of the next centuries', () => {
    const time = fc.integer({ min: 0, max: 2 ** 45 });

    fc.assert(
      fc.property(time, time, (a, b) => {
        const [first, second] = [newWebhookId(a), newWebhookId(b)];
        expect(first).toHaveLength(second.length);
        if (a !== b) expect(first < second).toBe(a < b);
      }),
    );
  });

  it('creates different ids for webhooks of the same millisecond', () => {
    const ids = Array.from({ length: 1_000 }, () => newWebhookId(NOW));

    expect(new Set(ids).size).toBe(1_000);
    expect(new Set(ids.map((id) => id.slice(0, 13))).size).toBe(1);
  });

  it.each(['wh_06bvn8kgqzt5t1tpsvh3m0xa', 'wh_1', 'wh_A-b_C'])(
    'accepts the id %s of an earlier format',
    (text) => {
      expect(parseWebhookId(text)).toBe(text);
    },
  );

  it('sorts deliveries as text in the order of acceptance', () => {
    const time = fc.integer({ min: 0, max: 2 ** 45 });

    fc.assert(
      fc.property(time, time, idText, idText, (a, b, eventA, eventB) => {
        fc.pre(a < b);
        const names = { accountId: accountId(), webhookId: webhookId() };
        const first = deliveryIdOf({ ...names, eventId: eventId(eventA), acceptedAt: a });
        const second = deliveryIdOf({ ...names, eventId: eventId(eventB), acceptedAt: b });
        expect(first < second).toBe(true);
      }),
    );
  });

  it('keeps the time of acceptance in the id of a redriven delivery', () => {
    const id = deliveryIdOf({
      accountId: accountId(),
      eventId: eventId(),
      webhookId: webhookId(),
      acceptedAt: NOW,
    });

    expect(repeatedDeliveryId(id).slice(0, 14)).toBe(id.slice(0, 14));
    expect(repeatedDeliveryId(repeatedDeliveryId(id))).not.toBe(repeatedDeliveryId(id));
  });

  it('creates the same derived ids in every version of this code, since stored records have them', () => {
    const id = deliveryIdOf({
      accountId: accountId(),
      eventId: eventId(),
      webhookId: webhookId(),
      acceptedAt: NOW,
    });

    expect(id).toBe('dlv_01kf0k8y208g4bajxth96k702pyqpr');
    expect(repeatedDeliveryId(id)).toBe('dlv_01kf0k8y209zwwm8sh6bqdg3070f71');
    expect(systemEventIdOf(id, 1, 'webhook.retry')).toBe('evt_bvn9dpq8stvshqzt73pw');
  });

  it('creates one system event id for each delivery, attempt and type', () => {
    const id = deliveryIdOf({
      accountId: accountId(),
      eventId: eventId(),
      webhookId: webhookId(),
      acceptedAt: NOW,
    });

    expect(systemEventIdOf(id, 1, 'webhook.retry')).toBe(systemEventIdOf(id, 1, 'webhook.retry'));
    expect(systemEventIdOf(id, 2, 'webhook.retry')).not.toBe(systemEventIdOf(id, 1, 'webhook.retry'));
    expect(systemEventIdOf(id, 1, 'webhook.exhausted')).not.toBe(systemEventIdOf(id, 1, 'webhook.retry'));
  });
});

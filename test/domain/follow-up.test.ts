import { describe, expect, it } from 'vitest';
import { ATTEMPT_ERRORS } from '../../lambdas/shared/domain/delivery.ts';
import { exhaustedMessage, followUpOf, nextMessage } from '../../lambdas/shared/domain/follow-up.ts';
import { exhaustedEvent, retryEvent, shouldPublish } from '../../lambdas/shared/domain/system-event.ts';
import { attempt, message, NOW } from '../support/builders.ts';

const SCHEDULE = { retryDelaysSeconds: [1, 5, 30], maxRetryAfterSeconds: 900 };

describe('the follow-up of a failed attempt', () => {
  it('is a retry after 1, 5 and 30 seconds, and then the end of the delivery', () => {
    const after = [1, 2, 3, 4].map((number) =>
      followUpOf(message({ attempt: number }), attempt({ number }), SCHEDULE),
    );

    expect(after.slice(0, 3)).toEqual(
      [1, 5, 30].map((delaySeconds) => ({ do: 'retry', delaySeconds, at: NOW + 20 + delaySeconds * 1_000 })),
    );
    expect(after[3]).toEqual({ do: 'give_up', reason: 'attempt 4 of 4 failed: it answered 500' });
  });

  it.each(ATTEMPT_ERRORS.filter((error) => error !== 'address_refused'))(
    'is a retry for each error of the endpoint: %s [NET-18]',
    (error) => {
      expect(followUpOf(message(), attempt({ error }), SCHEDULE)).toMatchObject({ do: 'retry' });
    },
  );

  it('is the end of the delivery when the address is refused, or only one attempt is allowed', () => {
    const refused = attempt({ error: 'address_refused', reason: 'it is private' });

    expect(followUpOf(message(), refused, SCHEDULE)).toEqual({ do: 'give_up', reason: 'it is private' });
    expect(followUpOf(message({ maxAttempts: 1 }), attempt(), SCHEDULE)).toMatchObject({ do: 'give_up' });
  });

  it('contains the history and the token, and only the excerpt of the last response [NET-24]', () => {
    const answer = { excerpt: 'secret page', location: 'https://x.example', token: 't' };
    const next = nextMessage(message(), attempt(answer));

    expect(next).toEqual(message({ attempt: 2, after: 't', history: [attempt()] }));
    expect(exhaustedMessage(next, attempt({ ...answer, number: 2 }))).toEqual(
      message({
        attempt: 2,
        after: 't',
        exhausted: true,
        history: [attempt(), attempt({ number: 2, excerpt: 'secret page' })],
      }),
    );
  });
});

describe('the wait that a response requests with Retry-After', () => {
  const followUpAfter = (change: Parameters<typeof attempt>[0], schedule = SCHEDULE) =>
    followUpOf(message(), attempt({ status: 503, ...change }), schedule);
  const asks = (value: string) => ({ responseHeaders: { 'retry-after': value } });
  const END = NOW + 20;

  it.each([
    ['longer than the schedule', '120', { delaySeconds: 120, at: END + 120_000 }],
    ['as a date', 'Thu, 15 Jan 2026 10:32:00 GMT', { delaySeconds: 120, at: NOW + 120_000 }],
    ['shorter than the schedule', '0', { delaySeconds: 1, at: END + 1_000 }],
    ['longer than the cap', '86400', { delaySeconds: 900, at: END + 900_000 }],
    ['infinite', '9'.repeat(400), { delaySeconds: 900, at: END + 900_000 }],
    ['a date after the cap', 'Fri, 16 Jan 2026 10:32:00 GMT', { delaySeconds: 900, at: END + 900_000 }],
    ['garbage', 'in a minute', { delaySeconds: 1, at: END + 1_000 }],
    ['in the past', 'Wed, 14 Jan 2026 10:32:00 GMT', { delaySeconds: 1, at: END + 1_000 }],
  ])('is limited by schedule and cap when it is %s [NET-27]', (_, value, next) => {
    expect(followUpAfter(asks(value))).toEqual({ do: 'retry', ...next });
  });

  it.each([
    [429, 120],
    [503, 120],
    [500, 1],
    [301, 1],
    [408, 1],
  ])('counts with status %i: %i s', (status, delaySeconds) => {
    expect(followUpAfter({ status, ...asks('120') })).toMatchObject({ delaySeconds });
  });

  it('is ignored where the cap is 0, and may be a day', () => {
    expect(followUpAfter(asks('120'), { ...SCHEDULE, maxRetryAfterSeconds: 0 })).toMatchObject({
      delaySeconds: 1,
    });
    expect(followUpAfter(asks('86400'), { ...SCHEDULE, maxRetryAfterSeconds: 86_400 })).toMatchObject({
      delaySeconds: 86_400,
    });
  });

  it('adds no attempt [NET-27]', () => {
    expect(followUpAfter({ number: 4, ...asks('120') })).toMatchObject({ do: 'give_up' });
  });
});

describe('the message of the next attempt', () => {
  it('has the time before which it must not be sent, only when it may wait that long', () => {
    const later = nextMessage(message(), attempt(), NOW + 5_000);

    expect(later.notBefore).toBe(NOW + 5_000);
    expect(nextMessage(later, attempt({ number: 2 }))).not.toHaveProperty('notBefore');
    expect(exhaustedMessage(later, attempt({ number: 2 }))).not.toHaveProperty('notBefore');
  });
});

describe('a message for the exhausted queue', () => {
  it('states that the excerpt of the last response is cut', () => {
    const cut = attempt({ excerpt: 'sorry', excerptCut: true });

    expect(exhaustedMessage(message(), cut).history).toEqual([cut]);
  });
});

describe('a system event', () => {
  it('about a retry has the three fields of the contract', () => {
    const failed = attempt({ number: 3, at: NOW, durationMs: 0 });

    expect(retryEvent(message({ attempt: 3 }), failed, NOW + 30_000)).toMatchObject({
      type: 'webhook.retry',
      created: '2026-01-15T10:30:00Z',
      data: { original_event_id: 'evt_1', retry_count: 2, next_retry_at: '2026-01-15T10:30:30Z' },
    });
  });

  it('is identical when it is published again', () => {
    expect(retryEvent(message(), attempt(), NOW)).toEqual(retryEvent(message(), attempt(), NOW));
    expect(exhaustedEvent(message(), attempt(), 'why')).toEqual(exhaustedEvent(message(), attempt(), 'why'));
  });

  it('is published only about domain events, and only when a webhook subscribes to it', () => {
    const subscribed = { subscribedSystemEvents: ['webhook.retry'] };

    expect(shouldPublish(message(subscribed), 'webhook.retry')).toBe(true);
    expect(shouldPublish(message(subscribed), 'webhook.exhausted')).toBe(false);
    expect(shouldPublish(message({ ...subscribed, kind: 'test' }), 'webhook.retry')).toBe(false);
    expect(shouldPublish(message({ ...subscribed, kind: 'verification' }), 'webhook.retry')).toBe(false);
  });
});

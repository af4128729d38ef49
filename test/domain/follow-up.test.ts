import { describe, expect, it } from 'vitest';
import { ATTEMPT_ERRORS } from '../../lambdas/shared/domain/delivery.ts';
import { exhaustedMessage, followUpOf, nextMessage } from '../../lambdas/shared/domain/follow-up.ts';
import { exhaustedEvent, isWanted, retryEvent } from '../../lambdas/shared/domain/system-event.ts';
import { attempt, message, NOW } from '../support/builders.ts';

const DELAYS = [1, 5, 30];

describe('the follow-up of a failed attempt', () => {
  it('is a retry after 1, 5 and 30 seconds, and then the end of the delivery', () => {
    const after = [1, 2, 3, 4].map((number) =>
      followUpOf(message({ attempt: number }), attempt({ number }), DELAYS),
    );

    expect(after.slice(0, 3)).toEqual([1, 5, 30].map((delaySeconds) => ({ do: 'retry', delaySeconds })));
    expect(after[3]).toEqual({ do: 'give_up', reason: 'attempt 4 of 4 failed: it answered 500' });
  });

  it.each(ATTEMPT_ERRORS.filter((error) => error !== 'address_refused'))(
    'is a retry for each error of the endpoint: %s [NET-18]',
    (error) => {
      expect(followUpOf(message(), attempt({ error }), DELAYS)).toMatchObject({ do: 'retry' });
    },
  );

  it('is the end of the delivery when the address is refused, or only one attempt is allowed', () => {
    const refused = attempt({ error: 'address_refused', reason: 'it is private' });

    expect(followUpOf(message(), refused, DELAYS)).toEqual({ do: 'give_up', reason: 'it is private' });
    expect(followUpOf(message({ maxAttempts: 1 }), attempt(), DELAYS)).toMatchObject({ do: 'give_up' });
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

describe('a message for the exhausted queue', () => {
  it('states that the excerpt of the last response is cut', () => {
    const cut = attempt({ excerpt: 'sorry', excerptCut: true });

    expect(exhaustedMessage(message(), cut).history).toEqual([cut]);
  });
});

describe('a system event', () => {
  it('about a retry has the three fields of the contract', () => {
    const failed = attempt({ number: 3, at: NOW, durationMs: 0 });

    expect(retryEvent(message({ attempt: 3 }), failed, 30)).toMatchObject({
      type: 'webhook.retry',
      created: '2026-01-15T10:30:00Z',
      data: { original_event_id: 'evt_1', retry_count: 2, next_retry_at: '2026-01-15T10:30:30Z' },
    });
  });

  it('is identical when it is published again', () => {
    expect(retryEvent(message(), attempt(), 1)).toEqual(retryEvent(message(), attempt(), 1));
    expect(exhaustedEvent(message(), attempt(), 'why')).toEqual(exhaustedEvent(message(), attempt(), 'why'));
  });

  it('is published only about domain events, and only when a webhook subscribes to it', () => {
    const subscribed = { wantedSystemEvents: ['webhook.retry'] };

    expect(isWanted(message(subscribed), 'webhook.retry')).toBe(true);
    expect(isWanted(message(subscribed), 'webhook.exhausted')).toBe(false);
    expect(isWanted(message({ ...subscribed, kind: 'test' }), 'webhook.retry')).toBe(false);
    expect(isWanted(message({ ...subscribed, kind: 'verification' }), 'webhook.retry')).toBe(false);
  });
});

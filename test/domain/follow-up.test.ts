import { describe, expect, it } from 'vitest';
import { ATTEMPT_ERRORS } from '../../lambdas/shared/domain/delivery.ts';
import { exhaustedMessage, followUpOf, nextMessage } from '../../lambdas/shared/domain/follow-up.ts';
import { exhaustedEvent, isWanted, retryEvent } from '../../lambdas/shared/domain/system-event.ts';
import { attempt, message, NOW } from '../support/builders.ts';

const SCHEDULE = { retryDelaysSeconds: [1, 5, 30], maxRetryAfterSeconds: 900 };

describe('what follows from a failed attempt', () => {
  it('is a retry after 1, 5 and 30 seconds, and then giving up', () => {
    const after = [1, 2, 3, 4].map((number) =>
      followUpOf(message({ attempt: number }), attempt({ number }), SCHEDULE),
    );

    expect(after.slice(0, 3)).toEqual(
      [1, 5, 30].map((delaySeconds) => ({ do: 'retry', delaySeconds, at: NOW + 20 + delaySeconds * 1_000 })),
    );
    expect(after[3]).toEqual({ do: 'give_up', reason: 'attempt 4 of 4 failed: it answered 500' });
  });

  it.each(ATTEMPT_ERRORS.filter((error) => error !== 'address_refused'))(
    'is a retry where the endpoint failed: %s [NET-18]',
    (error) => {
      expect(followUpOf(message(), attempt({ error }), SCHEDULE)).toMatchObject({ do: 'retry' });
    },
  );

  it('is giving up at once where the address is refused, or one attempt is all there is', () => {
    const refused = attempt({ error: 'address_refused', reason: 'it is private' });

    expect(followUpOf(message(), refused, SCHEDULE)).toEqual({ do: 'give_up', reason: 'it is private' });
    expect(followUpOf(message({ maxAttempts: 1 }), attempt(), SCHEDULE)).toMatchObject({ do: 'give_up' });
  });

  it('keeps the history and the token, and of the responses only the beginning of the last one [NET-24]', () => {
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

describe('a system event', () => {
  it('tells of a retry with the three fields of the contract', () => {
    const failed = attempt({ number: 3, at: NOW, durationMs: 0 });

    expect(retryEvent(message({ attempt: 3 }), failed, NOW + 30_000)).toMatchObject({
      type: 'webhook.retry',
      created: '2026-01-15T10:30:00Z',
      data: { original_event_id: 'evt_1', retry_count: 2, next_retry_at: '2026-01-15T10:30:30Z' },
    });
  });

  it('says the same to the letter when it is published again', () => {
    expect(retryEvent(message(), attempt(), NOW)).toEqual(retryEvent(message(), attempt(), NOW));
    expect(exhaustedEvent(message(), attempt(), 'why')).toEqual(exhaustedEvent(message(), attempt(), 'why'));
  });

  it('is made of real events alone, and only where somebody wants it', () => {
    const wanted = { wantedSystemEvents: ['webhook.retry'] };

    expect(isWanted(message(wanted), 'webhook.retry')).toBe(true);
    expect(isWanted(message(wanted), 'webhook.exhausted')).toBe(false);
    expect(isWanted(message({ ...wanted, kind: 'test' }), 'webhook.retry')).toBe(false);
    expect(isWanted(message({ ...wanted, kind: 'verification' }), 'webhook.retry')).toBe(false);
  });
});

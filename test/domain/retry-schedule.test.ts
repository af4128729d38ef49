import { expect, it } from 'vitest';
import { followUpOf, nextMessage } from '../../lambdas/shared/domain/follow-up.ts';
import {
  ATTEMPT_DEADLINE_MS,
  DEFAULT_RETRY_DELAYS_SECONDS,
  delayAfterAttempt,
  MAX_RETRY_DELAY_SECONDS,
  maxAttempts,
} from '../../lambdas/shared/domain/retry-schedule.ts';
import { attempt, message } from '../support/builders.ts';

it('a schedule of three delays has four attempts', () => {
  const delays = [1, 5, 30];

  expect(maxAttempts(delays)).toBe(4);
  expect([1, 2, 3, 4].map((number) => delayAfterAttempt(delays, number))).toEqual([1, 5, 30, undefined]);
});

it('an attempt without a reason is described by its error, or as failed', () => {
  const { reason: _, ...withoutReason } = attempt();
  const { error: __, ...withoutError } = withoutReason;
  const once = message({ maxAttempts: 1 });

  expect(followUpOf(once, withoutReason, [1])).toMatchObject({
    reason: 'attempt 1 of 1 failed: http_status',
  });
  expect(followUpOf(once, withoutError, [1])).toMatchObject({ reason: 'attempt 1 of 1 failed: it failed' });
});

it('the history of the next message has each attempt once, also when an attempt is repeated', () => {
  const history = [attempt(), attempt({ number: 2, status: 503 })];

  const next = nextMessage(message({ history }), attempt({ number: 2 }));

  expect(next.history).toEqual([attempt(), attempt({ number: 2 })]);
});

it('the defaults are those of the published contract, and the limit is that of SQS', () => {
  expect(DEFAULT_RETRY_DELAYS_SECONDS).toEqual([1, 5, 30]);
  expect(ATTEMPT_DEADLINE_MS).toBe(30_000);
  expect(MAX_RETRY_DELAY_SECONDS).toBe(900);
});

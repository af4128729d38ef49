import { describe, expect, it } from 'vitest';
import type { VerificationState } from '../../console/src/screens/new-webhook/calls.ts';
import { isEarlier, stepOf } from '../../console/src/screens/new-webhook/verification-step.ts';
import { howToPass, whatHappened } from '../../console/src/texts/verification.ts';

type Challenge = NonNullable<VerificationState['challenge']>;

const webhook = (changes: Partial<VerificationState['webhook']> = {}): VerificationState['webhook'] =>
  ({
    ...{ id: 'wh_1', url: 'https://example.com/', pending_url: null, status: 'pending', verified: false },
    verification_error: null,
    ...changes,
  }) as VerificationState['webhook'];

const attempt = {
  number: 1,
  at: '2026-11-26T12:00:00.000Z',
  duration_ms: 5,
} as Challenge['attempts'][number];

const challenge = (status: Challenge['status'], changes: Partial<Challenge> = {}): Challenge =>
  ({ id: 'dlv_1', status, attempts: [attempt], ...changes }) as Challenge;

describe('the step of a verification', () => {
  it('waits for the result of the first challenge', () => {
    expect(stepOf({ webhook: webhook(), challenge: undefined })).toEqual({ kind: 'sent' });
  });

  it('shows a failed attempt and the time of the next one', () => {
    const nextAt = '2026-11-26T12:00:05.000Z';

    expect(
      stepOf({ webhook: webhook(), challenge: challenge('retrying', { next_attempt_at: nextAt }) }),
    ).toEqual({ kind: 'retrying', attempt, nextAt });
  });

  it('has failed with the last attempt, or with what the webhook says when none is recorded', () => {
    const failed = webhook({ status: 'verification_failed', verification_error: 'timeout' });

    expect(stepOf({ webhook: failed, challenge: challenge('exhausted') })).toEqual({
      kind: 'failed',
      attempt,
      reason: 'timeout',
    });
    expect(stepOf({ webhook: failed, challenge: undefined })).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
    });
  });

  it('does not take the result of an earlier challenge for that of a new one', () => {
    expect(stepOf({ webhook: webhook(), challenge: challenge('exhausted') })).toEqual({ kind: 'sent' });
    expect(stepOf({ webhook: webhook(), challenge: challenge('retrying') }, 'dlv_1')).toEqual({
      kind: 'sent',
    });
    expect(stepOf({ webhook: webhook(), challenge: challenge('retrying') }, 'dlv_0').kind).toBe('retrying');
  });

  it('recognizes the attempts of an earlier challenge', () => {
    const before = webhook({ updated_at: '2026-11-26T11:59:00.000Z' });
    const after = webhook({ updated_at: '2026-11-26T12:01:00.000Z' });

    expect(isEarlier({ webhook: before, challenge: challenge('exhausted') })).toBe(false);
    expect(isEarlier({ webhook: before, challenge: challenge('exhausted') }, 'dlv_1')).toBe(true);
    expect(isEarlier({ webhook: after, challenge: challenge('exhausted') })).toBe(true);
    expect(isEarlier({ webhook: after, challenge: undefined })).toBe(false);
  });

  it('is verified when the current URL is verified and no new URL is pending', () => {
    const active = { status: 'active', verified: true } as const;
    const waiting = { ...active, pending_url: 'https://new.example.com/' };

    expect(stepOf({ webhook: webhook(active), challenge: challenge('delivered') }).kind).toBe('verified');
    expect(stepOf({ webhook: webhook(waiting), challenge: challenge('delivered') }).kind).toBe('sent');
    expect(
      stepOf({
        webhook: webhook({ ...waiting, verification_error: 'no' }),
        challenge: challenge('exhausted'),
      }).kind,
    ).toBe('failed');
  });
});

describe('the texts of a failed challenge', () => {
  it.each([
    ['challenge_mismatch', 200, 'answered 200, but not with the challenge', '{"challenge":"…"}'],
    ['http_status', 204, 'answers 204', 'exactly status 200'],
    ['http_status', 401, 'answers 401', 'give it the secret'],
    ['http_status', 404, 'answers 404', 'Check the path'],
    ['http_status', 302, 'answers 302', 'follow no redirects'],
    ['timeout', undefined, 'does not answer within 30 s', 'Answer first'],
    ['dns_error', undefined, 'is not found in DNS', 'DNS records'],
  ] as const)('say for %s %s what happened and what to do', (error, status, happened, toDo) => {
    expect(whatHappened(error, status)).toContain(happened);
    expect(whatHappened(error, status)).toMatch(/^[A-Z].*\.$/);
    expect(howToPass(error, status, '12:00')).toContain(toDo);
  });
});

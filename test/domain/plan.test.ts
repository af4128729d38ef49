import { describe, expect, it } from 'vitest';
import { planDelivery, type Situation } from '../../lambdas/shared/domain/plan.ts';
import { attempt, eventId, message, NOW, record, webhook } from '../support/builders.ts';

const OVERDUE = NOW + 20 + 1_000 + 60_001;

function situation(change: Partial<Situation> = {}): Situation {
  return {
    message: message(),
    webhook: webhook(),
    record: undefined,
    redelivered: true,
    now: NOW + 5_000,
    retryDelaysSeconds: [1, 5, 30],
    ...change,
  };
}

describe('a message that may have been handled before', () => {
  it('is sent when its attempt is not recorded', () => {
    expect(planDelivery(situation())).toEqual({ do: 'attempt', webhook: webhook() });
    expect(
      planDelivery(
        situation({ message: message({ attempt: 2 }), record: record({ attempts: [attempt()] }) }),
      ),
    ).toEqual({
      do: 'attempt',
      webhook: webhook(),
    });
  });

  it('is dropped when its delivery succeeded, whichever attempt it is', () => {
    const delivered = record({ status: 'delivered' });

    for (const number of [1, 2, 3, 4]) {
      expect(planDelivery(situation({ message: message({ attempt: number }), record: delivered }))).toEqual({
        do: 'acknowledge',
      });
    }
  });

  it('is dropped when a later attempt is recorded', () => {
    const later = record({ attempts: [attempt(), attempt({ number: 2 })] });

    expect(planDelivery(situation({ record: later }))).toEqual({ do: 'acknowledge' });
  });

  it('goes on when its failure is recorded, nothing follows, and SQS hands it out again', () => {
    const failed = record({ attempts: [attempt()] });

    expect(planDelivery(situation({ record: failed }))).toEqual({ do: 'follow_up', attempt: attempt() });
  });

  it('waits for the other copy when its failure was recorded just now', () => {
    const failed = record({ attempts: [attempt()] });

    expect(planDelivery(situation({ record: failed, redelivered: false }))).toEqual({ do: 'wait' });
    expect(planDelivery(situation({ record: failed, redelivered: false, now: OVERDUE }))).toEqual({
      do: 'follow_up',
      attempt: attempt(),
    });
  });

  it('is given up again when it is redelivered after its last failure', () => {
    const last = attempt({ number: 4 });
    const exhausted = record({ status: 'exhausted', attempts: [last] });

    expect(planDelivery(situation({ message: message({ attempt: 4 }), record: exhausted }))).toEqual({
      do: 'follow_up',
      attempt: last,
    });
  });

  it('is dropped when its delivery was given up without this attempt', () => {
    const refused = record({ status: 'exhausted', attempts: [attempt({ error: 'address_refused' })] });

    expect(planDelivery(situation({ message: message({ attempt: 2 }), record: refused }))).toEqual({
      do: 'acknowledge',
    });
  });

  it('ends as canceled when the webhook is gone, as held when it is disabled or unreadable', () => {
    expect(planDelivery(situation({ webhook: undefined }))).toMatchObject({ do: 'end', status: 'canceled' });
    expect(planDelivery(situation({ webhook: webhook({ status: 'disabled' }) }))).toMatchObject({
      do: 'end',
      status: 'held',
    });
    expect(planDelivery(situation({ webhook: 'unreadable' }))).toMatchObject({ do: 'end', status: 'held' });
  });

  it('is sent after all when it was held before any attempt and the webhook is active again', () => {
    expect(planDelivery(situation({ record: record({ status: 'held' }) }))).toMatchObject({ do: 'attempt' });
  });
});

describe('a challenge that may have been sent before', () => {
  const challenge = message({ kind: 'verification', eventId: eventId('evt_challenge') });
  const pending = webhook({
    status: 'pending',
    verified: false,
    verification: {
      id: eventId('evt_challenge'),
      url: challenge.url,
      startedAt: new Date(NOW).toISOString(),
    },
  });

  it('is sent to a webhook that still waits for it', () => {
    expect(planDelivery(situation({ message: challenge, webhook: pending }))).toEqual({
      do: 'attempt',
      webhook: pending,
    });
  });

  it('activates again when its answer is recorded', () => {
    const answered = record({ status: 'delivered' });

    expect(planDelivery(situation({ message: challenge, webhook: pending, record: answered }))).toEqual({
      do: 'activate',
    });
  });

  it('is canceled when a newer one replaced it, and needs nothing when it was answered', () => {
    const newer = webhook({ verification: { id: eventId('evt_newer'), url: challenge.url, startedAt: '' } });
    const answered = webhook({ verifiedBy: eventId('evt_challenge') });

    expect(planDelivery(situation({ message: challenge, webhook: newer }))).toMatchObject({
      do: 'end',
      status: 'canceled',
    });
    expect(planDelivery(situation({ message: challenge, webhook: answered }))).toEqual({ do: 'acknowledge' });
  });
});

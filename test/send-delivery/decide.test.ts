import { describe, expect, it } from 'vitest';
import {
  type Decision,
  decide,
  followUpMarginMs,
  type Situation,
} from '../../lambdas/send-delivery/decide.ts';
import { newDeliveryId, repeatedDeliveryId } from '../../lambdas/shared/domain/ids.ts';
import { attempt, deliveryId, eventId, message, NOW, record, webhook } from '../support/builders.ts';

const VISIBILITY_SECONDS = 120;
const VISIBILITY_MS = VISIBILITY_SECONDS * 1_000;
const FOLLOW_UP_MARGIN_MS = followUpMarginMs(VISIBILITY_SECONDS);
/** When the follow-up is overdue: `attempt()` begins at NOW and takes 20 ms, and retry 1 has a delay of 1 s. */
const OVERDUE_AT = NOW + 20 + 1_000 + FOLLOW_UP_MARGIN_MS;

function decideIn(change: Partial<Situation> = {}): Decision {
  return decide({
    message: message(),
    webhook: webhook(),
    record: undefined,
    firstReceipt: false,
    now: NOW + 5_000,
    retryDelaysSeconds: [1, 5, 30],
    visibilityTimeoutSeconds: VISIBILITY_SECONDS,
    ...change,
  });
}

describe('a message whose attempt is not recorded', () => {
  it('is sent', () => {
    const earlier = record({ attempts: [attempt({ token: 'a' })] });

    expect(decideIn()).toEqual({ do: 'attempt', webhook: webhook() });
    expect(decideIn({ message: message({ attempt: 2 }), record: earlier })).toEqual({
      do: 'attempt',
      webhook: webhook(),
      earlier: attempt({ token: 'a' }),
    });
  });

  it('is acknowledged when its delivery succeeded, for every attempt number [FAULT-7, FAULT-9]', () => {
    for (const number of [1, 2, 3, 4]) {
      const delivered = record({ status: 'delivered' });

      expect(decideIn({ message: message({ attempt: number }), record: delivered })).toEqual({
        do: 'acknowledge',
      });
    }
  });

  it.each(['canceled', 'exhausted'] as const)('is acknowledged when its delivery is %s', (status) => {
    const ended = record({ status, attempts: [attempt()] });

    expect(decideIn({ message: message({ attempt: 2 }), record: ended })).toEqual({ do: 'acknowledge' });
  });

  it('is acknowledged when a later attempt is recorded', () => {
    const later = record({ attempts: [attempt({ number: 2 })] });

    expect(decideIn({ record: later })).toEqual({ do: 'acknowledge' });
  });

  it('is acknowledged when another copy took over after the previous attempt', () => {
    const takenOver = record({ attempts: [attempt({ token: 'new', takenAt: OVERDUE_AT })] });

    expect(decideIn({ message: message({ attempt: 2, after: 'old' }), record: takenOver })).toEqual({
      do: 'acknowledge',
    });
    expect(decideIn({ message: message({ attempt: 2, after: 'new' }), record: takenOver })).toMatchObject({
      do: 'attempt',
    });
  });

  it('is sent when the record of the previous attempt was lost', () => {
    expect(decideIn({ message: message({ attempt: 2, after: 'old' }), record: record() })).toMatchObject({
      do: 'attempt',
    });
  });

  it('is not sent when its delivery was held, also when the webhook is active again', () => {
    expect(decideIn({ record: record({ status: 'held' }) })).toEqual({ do: 'acknowledge' });
  });
});

describe('a re-run of an event whose delivery was held', () => {
  const rerun = message({ rerun: true });
  const held = record({ status: 'held' });

  it('repeats it once the webhook is active, under an id that depends on the old id alone', () => {
    expect(decideIn({ message: rerun, record: held })).toEqual({
      do: 'repeat',
      as: repeatedDeliveryId(held.deliveryId),
    });
  });

  it('repeats it under the id that it was repeated as before', () => {
    const resentAs = newDeliveryId(NOW);

    expect(decideIn({ message: rerun, record: { ...held, resentAs } })).toEqual({
      do: 'repeat',
      as: resentAs,
    });
  });

  it('follows an exhausted delivery to its repeat, which may be held', () => {
    const resentAs = repeatedDeliveryId(held.deliveryId);
    const exhausted = record({ status: 'exhausted' });

    expect(decideIn({ message: rerun, record: { ...exhausted, resentAs } })).toEqual({
      do: 'repeat',
      as: resentAs,
    });
    expect(decideIn({ message: rerun, record: exhausted })).toEqual({ do: 'acknowledge' });
  });

  it.each(['disabled', 'pending', 'verification_failed'] as const)(
    'leaves it held while the webhook is %s',
    (status) => {
      const decision = decideIn({ message: rerun, record: held, webhook: webhook({ status }) });

      expect(decision).toEqual({ do: 'acknowledge' });
    },
  );
});

describe('the first attempt of a repeat that another copy claimed', () => {
  const repeat = message({ rerun: true, resendOf: deliveryId('dlv_old') });
  const claimed = record({ claimedAt: NOW });

  it('waits until the claim ends, and is made then', () => {
    expect(decideIn({ message: repeat, record: claimed, now: NOW + VISIBILITY_MS - 1 })).toEqual({
      do: 'wait',
      until: NOW + VISIBILITY_MS,
    });
    expect(decideIn({ message: repeat, record: claimed, now: NOW + VISIBILITY_MS })).toMatchObject({
      do: 'attempt',
    });
  });

  it('waits also while the webhook is disabled: the other copy may be sending', () => {
    const disabled = webhook({ status: 'disabled' });

    expect(decideIn({ message: repeat, record: claimed, webhook: disabled })).toMatchObject({ do: 'wait' });
  });
});

describe('a message whose attempt failed and has no successor', () => {
  const failed = record({ attempts: [attempt({ token: 'a' })] });

  it.each([true, false])(
    'waits until its follow-up is overdue (first receipt: %s) [FAULT-5]',
    (firstReceipt) => {
      expect(decideIn({ record: failed, firstReceipt })).toEqual({ do: 'wait', until: OVERDUE_AT });
      expect(decideIn({ record: failed, firstReceipt, now: OVERDUE_AT - 1 })).toEqual({
        do: 'wait',
        until: OVERDUE_AT,
      });
    },
  );

  it('takes the delivery over when its follow-up is overdue [FAULT-4]', () => {
    expect(decideIn({ record: failed, now: OVERDUE_AT })).toEqual({
      do: 'take_over',
      attempt: attempt({ token: 'a' }),
      webhook: webhook(),
    });
  });

  it.each([undefined, 'unreadable'] as const)(
    'takes the delivery over without the webhook when it is %s',
    (unusable) => {
      expect(decideIn({ record: failed, now: OVERDUE_AT, webhook: unusable })).toEqual({
        do: 'take_over',
        attempt: attempt({ token: 'a' }),
      });
    },
  );

  it('is acknowledged when its delivery was canceled', () => {
    const canceled = record({ status: 'canceled', attempts: [attempt()] });

    expect(decideIn({ record: canceled, now: OVERDUE_AT })).toEqual({ do: 'acknowledge' });
  });

  it('waits again after a takeover, since the environment that took over may have been killed too', () => {
    const takenOver = record({ attempts: [attempt({ token: 'b', takenAt: OVERDUE_AT })] });
    const overdueAgainAt = OVERDUE_AT + 1_000 + FOLLOW_UP_MARGIN_MS;

    expect(decideIn({ record: takenOver, now: OVERDUE_AT + 1 })).toEqual({
      do: 'wait',
      until: overdueAgainAt,
    });
    expect(decideIn({ record: takenOver, now: overdueAgainAt })).toMatchObject({ do: 'take_over' });
  });

  it('waits for the recorded time of the next attempt, which can be later than the schedule says', () => {
    const nextAttemptAt = NOW + 24 * 60 * 60 * 1_000;
    const postponed = record({ attempts: [attempt({ token: 'a' })], nextAttemptAt });
    const until = nextAttemptAt + FOLLOW_UP_MARGIN_MS;

    expect(decideIn({ record: postponed, now: until - 1 })).toEqual({ do: 'wait', until });
    expect(decideIn({ record: postponed, now: until })).toMatchObject({ do: 'take_over' });
  });

  it('is acknowledged when its follow-up recorded why it was not sent', () => {
    const held = record({ status: 'held', attempts: [attempt()] });

    expect(decideIn({ record: held, now: OVERDUE_AT })).toEqual({ do: 'acknowledge' });
  });

  it('is acknowledged at its first receipt when the delivery is exhausted: another message is responsible', () => {
    const exhausted = record({ status: 'exhausted', attempts: [attempt({ error: 'address_refused' })] });

    expect(decideIn({ record: exhausted, firstReceipt: true, now: OVERDUE_AT })).toEqual({
      do: 'acknowledge',
    });
  });

  it('takes over an exhausted delivery at a later receipt: its environment may have been killed before it enqueued the follow-up [FAULT-4]', () => {
    const last = attempt({ number: 4 });
    const exhausted = record({ status: 'exhausted', attempts: [last] });
    const overdueAt = NOW + 20 + FOLLOW_UP_MARGIN_MS;

    const change = { message: message({ attempt: 4 }), record: exhausted };
    expect(decideIn(change)).toEqual({ do: 'wait', until: overdueAt });
    expect(decideIn({ ...change, now: overdueAt })).toMatchObject({ do: 'take_over', attempt: last });
  });
});

describe('a message for a webhook that changed', () => {
  it('ends as canceled when the webhook was deleted', () => {
    expect(decideIn({ webhook: undefined })).toMatchObject({ do: 'end', status: 'canceled' });
  });

  it('ends as held when the webhook is disabled or its item is unreadable', () => {
    expect(decideIn({ webhook: webhook({ status: 'disabled' }) })).toMatchObject({
      do: 'end',
      status: 'held',
    });
    expect(decideIn({ webhook: 'unreadable' })).toEqual({
      do: 'end',
      status: 'held',
      reason: 'the webhook could not be read; ask the operator',
    });
  });

  it.each([1, 2])(
    'ends as canceled when the webhook no longer subscribes to the type: attempt %i',
    (number) => {
      const other = webhook({ events: ['user.*'] });

      expect(decideIn({ message: message({ attempt: number }), webhook: other })).toEqual({
        do: 'end',
        status: 'canceled',
        reason: 'the webhook no longer subscribes to file.uploaded',
      });
    },
  );

  it('is sent when it is a test, even if the webhook does not subscribe to the type', () => {
    const other = webhook({ events: ['user.*'] });

    expect(decideIn({ message: message({ kind: 'test' }), webhook: other })).toMatchObject({ do: 'attempt' });
  });
});

describe('a challenge that may have been sent before', () => {
  const challenge = message({ kind: 'verification', eventId: eventId('evt_challenge') });
  const verification = {
    id: eventId('evt_challenge'),
    url: challenge.url,
    startedAt: new Date(NOW).toISOString(),
  };
  const pending = webhook({ status: 'pending', verified: false, verification });

  it('is sent when the webhook is waiting for it', () => {
    expect(decideIn({ message: challenge, webhook: pending })).toEqual({ do: 'attempt', webhook: pending });
  });

  it('activates the webhook again when its success is recorded', () => {
    const delivered = record({ status: 'delivered' });

    expect(decideIn({ message: challenge, webhook: pending, record: delivered })).toEqual({ do: 'activate' });
  });

  it('is canceled when a newer one replaced it, and acknowledged when it was answered', () => {
    const newer = webhook({ verification: { ...verification, id: eventId('evt_newer') } });
    const answered = webhook({ verifiedBy: eventId('evt_challenge') });

    expect(decideIn({ message: challenge, webhook: newer })).toMatchObject({ do: 'end', status: 'canceled' });
    expect(decideIn({ message: challenge, webhook: answered })).toEqual({ do: 'acknowledge' });
  });
});

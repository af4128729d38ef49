import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attentionOf } from '../../console/src/screens/webhook/attention.ts';
import { causeOf } from '../../console/src/screens/webhook/cause.ts';
import { ERROR_CLASSES, whatServerDoes } from '../../console/src/texts/causes.ts';
import { attentionOf as attentionOfTheList } from '../../lambdas/serve-api/webhooks/attention.ts';
import { toWebhookView } from '../../lambdas/serve-api/webhooks/webhook-view.ts';
import { ATTEMPT_ERRORS } from '../../lambdas/shared/domain/delivery.ts';
import { WEBHOOK_STATUSES } from '../../lambdas/shared/domain/webhook.ts';
import { NOW, webhook } from '../support/builders.ts';

const SINCE = new Date(NOW).toISOString();
const clock = (at: string): string => at.slice(11, 16);

type Health = NonNullable<Parameters<typeof causeOf>[1]>;

const DAY = {
  since: SINCE,
  complete: true,
  delivered: 24,
  exhausted: 96,
  success_rate: 0.2,
  p50_ms: 84,
  p99_ms: 2_100,
};
const HEALTH: Health = {
  ...{ webhook_id: 'wh_1', as_of: SINCE, status: 'active', last_hour: DAY, last_day: DAY, hours: [] },
  recoverable: { held: 0, exhausted: 96, since: SINCE, complete: true },
  last_success: null,
  last_failure: {
    delivery_id: 'dlv_1',
    at: SINCE,
    status: 500,
    error: 'http_status',
    reason: 'it answered 500',
  },
  ...{ exhausted_in_row: 12, failing_since: SINCE, warned_at: null, slow_since: null },
  disable_after: { exhausted: 20, hours: 1 },
  ...{ disabled_by: null, disabled_reason: null, disabled_at: null },
};

describe('why a webhook needs attention', () => {
  it('is what the list of webhooks says, in every state', () => {
    const maybe = <T>(value: T) => fc.constantFrom<(T | undefined)[]>(undefined, value);
    const state = fc.record({
      status: fc.constantFrom(...WEBHOOK_STATUSES),
      disabledReason: maybe('it failed'),
      exhaustedInRow: fc.constantFrom(0, 3),
      verificationError: maybe('it answered 500'),
      slowSince: maybe(SINCE),
      pendingUrl: maybe('https://new.example.com/'),
    });
    fc.assert(
      fc.property(state, (given) => {
        const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        const one = webhook(present);
        expect(attentionOf(toWebhookView(one))).toBe(attentionOfTheList(one) ?? null);
      }),
    );
  });

  it('is one sentence for a failing webhook, with what failed and what to do', () => {
    const failing = toWebhookView(webhook({ exhaustedInRow: 12, failingSince: SINCE }));

    expect(causeOf(failing, HEALTH, clock)).toEqual({
      tone: 'bad',
      title: 'Failing since 10:30: your server answers 500',
      texts: [
        '96 of 120 deliveries of the last 24 hours failed.',
        'Look for 10:30 in the log of your server.',
      ],
      failure: 'dlv_1',
    });
  });

  it('says when the webhook will be disabled, after the warning', () => {
    const warned = toWebhookView(webhook({ exhaustedInRow: 12, failingSince: SINCE, warnedAt: SINCE }));

    expect(causeOf(warned, HEALTH, clock)?.texts.at(-1)).toBe(
      'It will be disabled after 20 failed deliveries in a row and 1 h without a success.',
    );
  });

  it('is known without the figures, which are loaded later', () => {
    const failing = toWebhookView(webhook({ exhaustedInRow: 12, failingSince: SINCE }));

    expect(causeOf(failing, undefined, clock)?.title).toBe('Failing since 10:30: its deliveries fail');
  });

  it('quotes why the service disabled it', () => {
    const disabled = webhook({
      status: 'disabled',
      disabledReason: 'the endpoint answered 410.',
      disabledAt: SINCE,
    });

    expect(causeOf(toWebhookView(disabled), HEALTH, clock)).toMatchObject({
      title: 'Disabled by the service since 10:30',
      texts: ['We stopped sending: the endpoint answered 410.', expect.stringContaining('held')],
    });
  });

  it('has no words of the API that the console does not use', () => {
    const disabledReason = `9 deliveries in a row were exhausted since ${SINCE}; the endpoint answered 500`;
    const disabled = webhook({ status: 'disabled', disabledReason, disabledAt: SINCE });

    expect(causeOf(toWebhookView(disabled), HEALTH, clock)?.texts[0]).toBe(
      'We stopped sending: 9 deliveries in a row failed since 10:30; the endpoint answered 500.',
    );
  });

  it('says how slow a slow endpoint is', () => {
    const slow = toWebhookView(webhook({ slowSince: SINCE }));
    const health = { ...HEALTH, last_hour: { ...DAY, p50_ms: 4_200 } };

    expect(causeOf(slow, health, clock)?.title).toBe(
      'Slow since 10:30: half of its answers take 4.2 s or longer',
    );
  });

  it('is absent for an active webhook without problems', () => {
    expect(causeOf(toWebhookView(webhook({})), HEALTH, clock)).toBeUndefined();
  });
});

describe('the classes of errors', () => {
  it('are those of the service, each with its own sentence', () => {
    expect(Object.keys(ERROR_CLASSES).sort()).toEqual([...ATTEMPT_ERRORS].sort());
    const sentences = ATTEMPT_ERRORS.map((error) => whatServerDoes(error, null));
    expect(new Set(sentences).size).toBe(ATTEMPT_ERRORS.length);
  });
});

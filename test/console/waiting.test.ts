import { describe, expect, it } from 'vitest';
import { waitingOf } from '../../console/src/screens/webhook/waiting.ts';
import { toWebhookView } from '../../lambdas/serve-api/webhooks/webhook-view.ts';
import { NOW, webhook } from '../support/builders.ts';

const SINCE = new Date(NOW).toISOString();
const clock = (at: string): string => at.slice(11, 16);
const NOTHING = { held: 0, exhausted: 0, since: null, complete: true };
const of = (held: number, exhausted: number) => ({ ...NOTHING, held, exhausted, since: SINCE });
const active = toWebhookView(webhook({}));

describe('what waits to be sent again', () => {
  it('is said of a webhook that is active and works, after its outage', () => {
    expect(waitingOf(active, of(0, 3), clock)).toEqual({
      title: '3 failed events wait to be sent again',
      text: 'The oldest was accepted at 10:30. Your server has not accepted them, and nothing sends them by itself.',
      canSend: true,
    });
  });

  it.each([
    [of(12, 3), '12 held and 3 failed events wait to be sent again'],
    [of(12, 0), '12 held events wait to be sent again'],
    [of(1, 0), '1 held event waits to be sent again'],
    [{ ...of(1_990, 10), complete: false }, 'At least 1,990 held and 10 failed events wait to be sent again'],
  ])('%j is "%s"', (recoverable, title) => {
    expect(waitingOf(active, recoverable, clock)?.title).toBe(title);
  });

  it('does not name the oldest when older ones may wait', () => {
    expect(waitingOf(active, { ...of(2_000, 0), complete: false }, clock)?.text).toContain('older ones');
  });

  it('is sent when the server works again, and only to an active webhook', () => {
    const failing = toWebhookView(webhook({ exhaustedInRow: 3, failingSince: SINCE }));
    const disabled = toWebhookView(webhook({ status: 'disabled' }));

    expect(waitingOf(failing, of(0, 3), clock)).toMatchObject({
      text: expect.stringContaining('When your server works again'),
      canSend: true,
    });
    expect(waitingOf(disabled, of(2, 3), clock)).toMatchObject({
      text: expect.stringContaining('when the webhook is active again'),
      canSend: false,
    });
  });

  it('is nothing when all was delivered or sent again', () => {
    expect(waitingOf(active, NOTHING, clock)).toBeUndefined();
  });
});

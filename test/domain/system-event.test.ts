import { describe, expect, it } from 'vitest';
import { exhaustedEvent, retryEvent } from '../../lambdas/shared/domain/system-event.ts';
import { attempt, message, NOW } from '../support/builders.ts';

describe('a system event', () => {
  it('about an exhausted delivery has the fields of the contract', () => {
    const failed = attempt({ number: 4, at: NOW, durationMs: 2_000 });

    expect(exhaustedEvent(message({ attempt: 4 }), failed, 'it answered 500')).toEqual({
      id: expect.stringMatching(/^evt_/),
      type: 'webhook.exhausted',
      accountId: 'acct_1',
      created: '2026-01-15T10:30:02Z',
      aboutWebhookId: 'wh_1',
      data: {
        original_event_id: 'evt_1',
        original_event_type: 'file.uploaded',
        webhook_id: 'wh_1',
        delivery_id: message().deliveryId,
        attempts: 4,
        reason: 'it answered 500',
      },
    });
  });

  it('has a time in whole seconds that is not before the end of the attempt', () => {
    const { created, data } = retryEvent(message(), attempt({ at: NOW, durationMs: 1 }), NOW + 5_001);

    expect([created, data.next_retry_at]).toEqual(['2026-01-15T10:30:01Z', '2026-01-15T10:30:06Z']);
  });

  it('has another id for another delivery, attempt or type', () => {
    const failed = attempt();
    const events = [
      retryEvent(message(), failed, 1),
      retryEvent(message(), attempt({ number: 2 }), 1),
      exhaustedEvent(message(), failed, 'it answered 500'),
    ];

    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });
});

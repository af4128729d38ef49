import { describe, expect, it } from 'vitest';
import { createSubscribers } from '../../lambdas/dispatch-event/subscribers.ts';
import type { SealedSecret } from '../../lambdas/shared/domain/webhook.ts';
import type { OpenSecret } from '../../lambdas/shared/secrets/live-secrets.ts';
import { accountId, NOW, webhook, webhookId } from '../support/builders.ts';

const SEALED: SealedSecret = { dataKey: 1, sealed: 'c2VhbGVk', createdAt: '2026-01-15T10:30:00.000Z' };
const OWNER = { accountId: accountId(), webhookId: webhookId('wh_1') };

function subscribersOf(openSecret: OpenSecret) {
  const stored = { webhooks: [webhook()], unreadable: [], listeners: [] };
  return createSubscribers(accountId(), stored, NOW, openSecret);
}

describe('the secrets of kept webhooks', () => {
  it('are decrypted once, and separately for each webhook', async () => {
    const opened: string[] = [];
    const { openSecret } = subscribersOf(async (_, { webhookId: id }) => {
      opened.push(id);
      return { ok: true, secret: `of ${id}` };
    });

    await openSecret(SEALED, OWNER);
    const again = await openSecret({ ...SEALED }, { ...OWNER });
    const other = await openSecret(SEALED, { ...OWNER, webhookId: webhookId('wh_2') });

    expect(opened).toEqual(['wh_1', 'wh_2']);
    expect([again, other]).toEqual([
      { ok: true, secret: 'of wh_1' },
      { ok: true, secret: 'of wh_2' },
    ]);
  });

  it('are decrypted again after a failure of our side', async () => {
    let isDown = true;
    const { openSecret } = subscribersOf(async () => {
      if (isDown) throw new Error('KMS is down');
      return { ok: true, secret: 'opened' };
    });

    await expect(openSecret(SEALED, OWNER)).rejects.toThrow('KMS is down');
    isDown = false;

    expect(await openSecret(SEALED, OWNER)).toEqual({ ok: true, secret: 'opened' });
  });
});

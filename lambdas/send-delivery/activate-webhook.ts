import type { DeliveryMessage } from '../shared/domain/delivery.ts';
import { auditOwnChange } from './audit-own-change.ts';
import type { SendDeps } from './ports.ts';

/** After a challenge was answered correctly. Idempotent, except that a redelivery is recorded again in the audit log. */
export async function activateWebhook(deps: SendDeps, message: DeliveryMessage): Promise<void> {
  const { accountId, webhookId, eventId } = message;
  const at = new Date(deps.clock.now()).toISOString();
  const result = await deps.ports.webhooks.activate(accountId, webhookId, eventId, at);
  if (result === 'activated') {
    await auditOwnChange(deps, message, 'service.verify', { verification_id: eventId });
  }
}

import type { AuditAction, AuditDetails } from '../shared/domain/audit.ts';
import type { DeliveryMessage } from '../shared/domain/delivery.ts';
import { deliveryIdsOf } from '../shared/domain/delivery-ids.ts';
import { errorFields } from '../shared/runtime/errors.ts';
import type { SendDeps } from './ports.ts';

/**
 * Records a change of a webhook that this service made because of its endpoint. Never throws: a delivery must not be sent
 * again because of the audit log. An entry that cannot be written is counted, and the log line has its content.
 */
export async function auditOwnChange(
  { ports, clock, counters, log }: Pick<SendDeps, 'ports' | 'clock' | 'counters' | 'log'>,
  message: DeliveryMessage,
  action: Extract<AuditAction, `service.${string}`>,
  details: AuditDetails,
): Promise<void> {
  const { accountId, webhookId } = message;
  try {
    await ports.audit.record({
      accountId,
      at: clock.now(),
      action,
      source: 'service',
      subject: webhookId,
      details,
      outcome: 'done',
    });
  } catch (error) {
    counters.count('audit_lost');
    log.error('a change of a webhook is missing in the audit log', {
      ...deliveryIdsOf(message),
      action,
      ...errorFields(error),
    });
  }
}

import type { Recovery } from '../../shared/domain/recovery.ts';
import type { RecoveryView } from '../open-api/schemas/recovery.ts';
import { timeText } from '../schemas/time.ts';

export function toRecoveryView(recovery: Recovery): RecoveryView {
  return {
    id: recovery.id,
    webhook_id: recovery.webhookId,
    status: recovery.state,
    reason: recovery.reason ?? null,
    since: timeText(recovery.since),
    until: timeText(recovery.until),
    statuses: [...recovery.statuses],
    rate: recovery.rate,
    found: recovery.found,
    enqueued: recovery.enqueued,
    expired: recovery.expired,
    delivered: recovery.delivered,
    failed: recovery.failed,
    counted_at: recovery.countedAt === undefined ? null : timeText(recovery.countedAt),
    created_at: timeText(recovery.createdAt),
    ended_at: recovery.endedAt === undefined ? null : timeText(recovery.endedAt),
  };
}

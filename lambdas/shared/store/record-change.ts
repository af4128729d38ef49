import type { AuditEntry, AuditOutcome } from '../domain/audit.ts';
import { errorFields } from '../runtime/errors.ts';
import type { Log } from '../runtime/observability.ts';
import type { AuditLog } from './audit-log.ts';

/**
 * Makes one change and records it. The entry is written first: when that fails, nothing is changed and this throws.
 * When only the outcome cannot be recorded, this is logged, and the result is returned.
 */
export async function recordChange<T>(
  change: Omit<AuditEntry, 'id' | 'outcome'>,
  { audit, log }: { readonly audit: Pick<AuditLog, 'record' | 'end'>; readonly log: Log },
  make: () => Promise<{ readonly result: T; readonly outcome: AuditOutcome }>,
): Promise<T> {
  const entry = await audit.record(change);
  const end = (outcome: AuditOutcome): Promise<void> =>
    audit.end(entry, outcome).catch((error: unknown) => {
      log.warn('the end of a change was not recorded in the audit log', {
        audit_id: entry.id,
        account_id: change.accountId,
        request_id: change.requestId,
        outcome,
        ...errorFields(error),
      });
    });
  let made: { readonly result: T; readonly outcome: AuditOutcome };
  try {
    made = await make();
  } catch (cause) {
    await end('failed');
    throw cause;
  }
  await end(made.outcome);
  return made.result;
}

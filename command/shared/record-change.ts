import type { AuditAction, AuditDetails, AuditOutcome } from '../../lambdas/shared/domain/audit.ts';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { createAuditLog } from '../../lambdas/shared/store/audit-log.ts';
import type { MoveResult, QueueMessage } from '../queues/move-messages.ts';
import type { Io } from '../verb.ts';
import { withDynamoDb } from './clients.ts';
import { operatorName } from './operator.ts';
import { requireOutput, type Target } from './target.ts';

export interface OperatorChange {
  readonly action: AuditAction;
  /** Absent: it concerns no single account. */
  readonly accountId?: AccountId | undefined;
  readonly subject?: string | undefined;
}

interface Changed<T> {
  readonly result: T;
  readonly details?: AuditDetails;
}

/**
 * Makes a change and records it in the audit log. The entry is written first: when that fails, nothing is changed and this
 * throws.
 */
export async function recordChange<T>(
  target: Target,
  { accountId, action, subject }: OperatorChange,
  io: Pick<Io, 'warn'>,
  change: () => Promise<Changed<T>>,
): Promise<T> {
  const tableName = requireOutput(target, 'DeliveriesTableName');
  return withDynamoDb(target, async (dynamodb) => {
    const audit = createAuditLog({ dynamodb, tableName });
    const entry = await audit.record({
      at: systemClock.now(),
      action,
      source: 'command',
      actor: operatorName(),
      ...(accountId === undefined ? {} : { accountId }),
      ...(subject === undefined ? {} : { subject }),
    });
    const end = (outcome: AuditOutcome, details?: AuditDetails): Promise<void> =>
      audit.end(entry, outcome, details).catch((error: unknown) => {
        io.warn(
          `the outcome of this change could not be recorded in the audit log (${entry.id}: ${outcome}): ${String(error)}`,
        );
      });
    let changed: Changed<T>;
    try {
      changed = await change();
    } catch (cause) {
      await end('failed');
      throw cause;
    }
    await end('done', changed.details);
    return changed.result;
  });
}

/** Records how many messages were moved. */
export function recordMoves<M extends QueueMessage>(
  target: Target,
  change: OperatorChange,
  io: Pick<Io, 'warn'>,
  move: () => Promise<MoveResult<M>>,
): Promise<MoveResult<M>> {
  return recordChange(target, change, io, async () => {
    const result = await move();
    return { result, details: { moved: result.selected.length, failed: result.failed.length } };
  });
}

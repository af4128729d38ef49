import { parseRecoveryId } from '../../shared/domain/ids.ts';
import type { Recovery } from '../../shared/domain/recovery.ts';
import { type CallDeps, defineCallWithoutInput } from '../call.ts';
import { recoveryNotFound, unavailable } from '../problem.ts';
import { toRecoveryView } from '../recoveries/recovery-view.ts';

/**
 * A running recovery begins a step at least this often, even after its function was killed. A recovery that did not has
 * no message: the API was killed between storing the recovery and enqueueing its message.
 */
const OVERDUE_MS = 5 * 60_000;

export const getRecovery = defineCallWithoutInput({
  async handle({ accountId, path }, deps) {
    const recoveryId = parseRecoveryId(path.recovery_id);
    const now = deps.clock.now();
    const recovery = recoveryId && (await deps.recoveries.get(accountId, recoveryId, now));
    if (recovery === undefined) return recoveryNotFound();
    const isContinued = await continueIfOverdue(recovery, deps, now);
    return isContinued
      ? { status: 200, body: toRecoveryView(recovery) }
      : unavailable('the recovery could not be continued');
  },
});

/** Enqueues the message of a recovery that has none. The conditional write limits this to one message in 5 minutes. */
async function continueIfOverdue(recovery: Recovery, deps: CallDeps, now: number): Promise<boolean> {
  const { accountId, id: recoveryId, createdAt, nextStepAt = createdAt } = recovery;
  if (recovery.state !== 'running' || now - nextStepAt < OVERDUE_MS) return true;
  if ((await deps.recoveries.beginStep(recovery, now)) === 'lost') return true;
  return (await deps.enqueueRecovery({ accountId, recoveryId })).ok;
}

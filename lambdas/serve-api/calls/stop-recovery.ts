import { parseRecoveryId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { recoveryNotFound } from '../problem.ts';
import { toRecoveryView } from '../recoveries/recovery-view.ts';

export const stopRecovery = defineCallWithoutInput({
  async handle({ accountId, path }, deps) {
    const recoveryId = parseRecoveryId(path.recovery_id);
    if (recoveryId === undefined) return recoveryNotFound();
    const now = deps.clock.now();
    // Conditional: only a running recovery is changed.
    await deps.recoveries.end({ accountId, id: recoveryId }, 'stopped', now, 'stopped by request');
    const recovery = await deps.recoveries.get(accountId, recoveryId, now);
    return recovery === undefined ? recoveryNotFound() : { status: 200, body: toRecoveryView(recovery) };
  },
});

import { parseRecoveryId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { recoveryNotFound } from '../problem.ts';
import { RECOVERY_RESPONSE, toRecoveryView } from '../schemas/recovery.ts';

export const stopRecovery = defineCallWithoutInput({
  description: {
    summary: 'Stop a recovery',
    description:
      'Stops a recovery that runs; one that has ended is not changed. New deliveries that are queued already, those of ' +
      'about 20 seconds, are still sent. The others stay as they are, and another recovery repeats them.',
    success: { status: 200, description: 'The recovery.', output: RECOVERY_RESPONSE },
    problems: ['not-found'],
  },
  async handle({ accountId, path }, deps) {
    const recoveryId = parseRecoveryId(path.recovery_id);
    if (recoveryId === undefined) return recoveryNotFound();
    const now = deps.clock.now();
    // On condition that it runs: where there is none, nothing is written.
    await deps.recoveries.end({ accountId, id: recoveryId }, 'stopped', now, 'stopped by request');
    const recovery = await deps.recoveries.get(accountId, recoveryId, now);
    return recovery === undefined ? recoveryNotFound() : { status: 200, body: toRecoveryView(recovery) };
  },
});

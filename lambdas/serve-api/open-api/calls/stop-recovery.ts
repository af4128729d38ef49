import type { CallDescription } from '../call-description.ts';
import { RECOVERY_RESPONSE } from '../schemas/recovery.ts';

export const stopRecovery: CallDescription = {
  summary: 'Stop a recovery',
  description:
    'Stops a recovery that runs; one that has ended is not changed. New deliveries that are queued already, those of ' +
    'about 20 seconds, are still sent. The others stay as they are, and another recovery repeats them.',
  success: { status: 200, description: 'The recovery.', output: RECOVERY_RESPONSE },
  problems: ['not-found'],
};

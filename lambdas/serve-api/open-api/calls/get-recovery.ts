import type { CallDescription } from '../call-description.ts';
import { RECOVERY_RESPONSE } from '../schemas/recovery.ts';

export const getRecovery: CallDescription = {
  summary: 'Get a recovery',
  description: 'Shows the progress of a recovery. It is kept as long as a delivery.',
  success: { status: 200, description: 'The recovery.', output: RECOVERY_RESPONSE },
  problems: ['not-found'],
};

import * as z from 'zod';
import { MAX_LISTED_RECOVERIES } from '../../limits.ts';
import type { CallDescription } from '../call-description.ts';
import { recoverySchema } from '../schemas/recovery.ts';

const recoveryListSchema = z.strictObject({ data: z.array(recoverySchema) });

export type RecoveryList = z.output<typeof recoveryListSchema>;

export const listRecoveries: CallDescription = {
  summary: 'List the recoveries of a webhook',
  description:
    `Those of this webhook among the newest ${MAX_LISTED_RECOVERIES} recoveries of the account, the newest first. The ones that ` +
    'run have the status `running`.',
  success: {
    status: 200,
    description: 'The recoveries.',
    output: { name: 'RecoveryList', schema: recoveryListSchema },
  },
  problems: ['not-found'],
};

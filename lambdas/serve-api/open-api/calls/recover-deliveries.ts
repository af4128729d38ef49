import * as z from 'zod';
import type { CallDescription } from '../call-description.ts';
import { RECOVERY_RESPONSE } from '../schemas/recovery.ts';

const dryRunSchema = z.strictObject({
  count: z.int().min(0).meta({ description: 'Deliveries that a recovery would repeat.' }),
  at_least: z.literal(true).optional().meta({
    description: 'Present when there were more deliveries than one request can count: there may be more.',
  }),
});

export type DryRun = z.output<typeof dryRunSchema>;

export const recoverDeliveries: CallDescription = {
  summary: 'Repeat held and exhausted deliveries',
  description:
    'Repeats the deliveries of a period, oldest first, in the background: each as a new delivery of the same event, to ' +
    'the current URL. A delivery that was repeated before is not repeated again. New events are not delayed. ' +
    '`dry_run` only counts. 409 for a webhook that is not active, except for a dry run.',
  success: {
    status: 202,
    description: 'The recovery runs; its `Location` shows its progress.',
    output: RECOVERY_RESPONSE,
    headers: ['Location'],
  },
  otherSuccess: {
    status: 200,
    description: 'With `dry_run`: the number of deliveries.',
    output: { name: 'RecoveryDryRun', schema: dryRunSchema },
  },
  problems: ['not-found', 'conflict', 'too-many-requests'],
};

import * as z from 'zod';
import { RECOVERABLE_STATUSES, RECOVERY_STATES } from '../../../shared/domain/recovery.ts';
import { EXAMPLE_RECOVERY_ID, EXAMPLE_WEBHOOK_ID } from '../../schemas/examples.ts';
import type { ResponseSchema } from './response-schema.ts';
import { timeSchema } from './time.ts';

const count = z.int().min(0);

export const recoverySchema = z.strictObject({
  id: z.string().meta({ examples: [EXAMPLE_RECOVERY_ID] }),
  webhook_id: z.string().meta({ examples: [EXAMPLE_WEBHOOK_ID] }),
  status: z.enum(RECOVERY_STATES).meta({
    description:
      '`running`: deliveries are still enqueued, or their results are still counted; `done`: all are enqueued, and ' +
      'have ended or were counted for an hour; `stopped`: by DELETE, or for `reason`.',
  }),
  reason: z.string().nullable().meta({ description: 'Why it was stopped, or null.' }),
  since: timeSchema,
  until: timeSchema,
  statuses: z.array(z.enum(RECOVERABLE_STATUSES)),
  rate: z.number().meta({
    description: 'Deliveries a second. It is halved while more than half of the deliveries fail.',
  }),
  found: count.meta({ description: 'Deliveries to repeat, so far.' }),
  enqueued: count.meta({ description: 'New deliveries, so far.' }),
  expired: count.meta({ description: 'Found, but not enqueued: the event has expired.' }),
  delivered: count.meta({ description: 'New deliveries that succeeded. Counted once a minute.' }),
  failed: count.meta({
    description: 'New deliveries that ended without success. Counted once a minute.',
  }),
  counted_at: timeSchema.nullable().meta({ description: 'When results were counted last. Null: not yet.' }),
  created_at: timeSchema,
  ended_at: timeSchema.nullable(),
});

export const RECOVERY_RESPONSE: ResponseSchema = { name: 'Recovery', schema: recoverySchema };

export type RecoveryView = z.output<typeof recoverySchema>;

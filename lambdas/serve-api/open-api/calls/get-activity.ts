import * as z from 'zod';
import { MAX_ACTIVITY_RECORDS } from '../../limits.ts';
import { EXAMPLE_WEBHOOK_ID } from '../../schemas/examples.ts';
import type { CallDescription } from '../call-description.ts';
import { timeSchema } from '../schemas/time.ts';
import { hourSchema } from '../schemas/webhook-health.ts';

const webhookActivitySchema = z.strictObject({
  webhook_id: z.string().meta({ examples: [EXAMPLE_WEBHOOK_ID] }),
  since: timeSchema.meta({ description: 'The deliveries of events that were accepted from then on.' }),
  complete: z.boolean().meta({
    description: `False: the last day has more than the newest ${MAX_ACTIVITY_RECORDS} records, and \`since\` is the time of the oldest one that was read.`,
  }),
  hours: z.array(hourSchema).meta({
    description:
      'Hours, UTC, the oldest first: from the hour of `since` to the current one, at most 25. The first and the last ' +
      'are parts of an hour.',
  }),
});

const activitySchema = z.strictObject({
  as_of: timeSchema.meta({ description: 'When the records were read.' }),
  data: z.array(webhookActivitySchema).meta({ description: 'In the order of the request.' }),
});

export type WebhookActivity = z.output<typeof webhookActivitySchema>;
export type Activity = z.output<typeof activitySchema>;

export const getActivity: CallDescription = {
  summary: 'Get the activity of several webhooks',
  description:
    'The results of the deliveries of the last day, by hours, for a list of webhooks: from the newest ' +
    `${MAX_ACTIVITY_RECORDS} records of each. GET /v1/webhooks/{webhook_id}/health reads more of one webhook. An id without ` +
    'records, also one that does not exist, has figures of 0. Tests and challenges do not count.',
  success: {
    status: 200,
    description: 'The activity of each webhook.',
    output: { name: 'Activity', schema: activitySchema },
  },
  problems: ['invalid-request', 'too-many-requests'],
};

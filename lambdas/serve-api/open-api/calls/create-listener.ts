import * as z from 'zod';
import { MAX_LISTENERS } from '../../limits.ts';
import { EXAMPLE_LISTENER_ID } from '../../schemas/examples.ts';
import type { CallDescription } from '../call-description.ts';
import { secretShownOnce } from '../schemas/secret.ts';
import { timeSchema } from '../schemas/time.ts';

const createdListenerSchema = z.strictObject({
  id: z.string().meta({ examples: [EXAMPLE_LISTENER_ID] }),
  events: z.array(z.string()),
  created_at: timeSchema,
  expires_at: timeSchema.meta({ description: 'When the listener expires, unless it is polled before.' }),
  secret: secretShownOnce('Signs the deliveries. '),
});

export type CreatedListener = z.output<typeof createdListenerSchema>;

export const createListener: CallDescription = {
  summary: 'Create a listener',
  description:
    'A listener receives events without a URL: a program on a developer’s machine polls for them. Each event that it ' +
    'subscribes to is stored for it for an hour. It expires two minutes after the last poll, at the latest; an account ' +
    `has at most ${MAX_LISTENERS} at a time. It changes nothing for webhooks. System events are published only while a ` +
    'webhook of the account subscribes to them. For development: there are no retries, and no more than 25 events a ' +
    'second are stored for a listener by one execution environment.',
  success: {
    status: 201,
    description: 'Created. Only this response contains the secret.',
    output: { name: 'CreatedListener', schema: createdListenerSchema },
  },
  problems: ['listener-limit-reached', 'too-many-requests'],
};

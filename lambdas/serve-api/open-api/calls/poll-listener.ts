import * as z from 'zod';
import { MAX_LISTENED_PAGE } from '../../../shared/store/listener-deliveries.ts';
import { EXAMPLE_DELIVERY_ID, EXAMPLE_EVENT_ID } from '../../schemas/examples.ts';
import type { CallDescription } from '../call-description.ts';
import { timeSchema } from '../schemas/time.ts';

const listenerPageSchema = z.strictObject({
  data: z.array(
    z.strictObject({
      id: z.string().meta({ examples: [EXAMPLE_DELIVERY_ID] }),
      event_id: z.string().meta({ examples: [EXAMPLE_EVENT_ID] }),
      event_type: z.string().meta({ examples: ['file.uploaded'] }),
      accepted_at: timeSchema,
      headers: z.record(z.string(), z.string()).meta({
        description:
          'All headers that the request to a webhook has, apart from `Host`, `Content-Length` and `Connection`. Signed ' +
          'with the secret of the listener at the time of this call.',
      }),
      body: z
        .string()
        .meta({ description: 'The body of the request. The signature is of exactly this text.' }),
      limit_reached: z.boolean().meta({
        description:
          'More events followed within this second than are stored for a listener, or as many: some may be missing.',
      }),
    }),
  ),
  next_cursor: z.string().nullable().meta({
    description:
      'Send it as `cursor` with the next poll, which confirms these deliveries. Null when there is nothing to confirm.',
  }),
  expires_at: timeSchema.meta({ description: 'When the listener expires, unless it is polled before.' }),
});

export type ListenerPage = z.output<typeof listenerPageSchema>;

export const pollListener: CallDescription = {
  summary: 'Poll a listener',
  description:
    `The oldest deliveries that are not confirmed: at most ${MAX_LISTENED_PAGE}, and about 1 MB of bodies. A poll with ` +
    'the `cursor` of a page confirms the deliveries of that page, which are deleted; without it, they are listed again. ' +
    'Poll every 2 seconds, and again at once after a page with deliveries. A delivery is listed at least once: ' +
    'remember the ids. After one hour it is deleted.',
  success: {
    status: 200,
    description: 'The deliveries, ready to be sent.',
    output: { name: 'ListenerPage', schema: listenerPageSchema },
  },
  problems: ['invalid-request', 'not-found', 'conflict'],
};

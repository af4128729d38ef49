import * as z from 'zod';
import type { CallDescription } from '../call-description.ts';
import { nextCursorSchema } from '../schemas/page.ts';

const eventTypeSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  schema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of `data`.' }),
  example: z.record(z.string(), z.unknown()).meta({ description: 'An example of `data`.' }),
});

const eventTypeListSchema = z.strictObject({ data: z.array(eventTypeSchema), next_cursor: nextCursorSchema });

export type EventTypeList = z.output<typeof eventTypeListSchema>;

export const listEventTypes: CallDescription = {
  summary: 'List event types',
  description:
    'All types that a webhook can subscribe to, with a JSON Schema and an example of `data`. There is one page only.',
  success: {
    status: 200,
    description: 'The catalogue and the system events.',
    output: { name: 'EventTypeList', schema: eventTypeListSchema },
  },
  problems: [],
};

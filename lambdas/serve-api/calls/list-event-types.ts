import * as z from 'zod';
import { defineCallWithoutInput } from '../call.ts';
import { nextCursorSchema } from '../schemas/page.ts';

const eventTypeSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  schema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of `data`.' }),
  example: z.record(z.string(), z.unknown()).meta({ description: 'An example of `data`.' }),
});

const eventTypeListSchema = z.strictObject({ data: z.array(eventTypeSchema), next_cursor: nextCursorSchema });

export const listEventTypes = defineCallWithoutInput({
  description: {
    summary: 'List event types',
    description:
      'All types that a webhook can subscribe to, with a JSON Schema and an example of `data`. There is one page only.',
    success: {
      status: 200,
      description: 'The catalogue and the system events.',
      output: { name: 'EventTypeList', schema: eventTypeListSchema },
    },
    problems: [],
  },
  async handle(_request, { eventTypes }) {
    const body: z.output<typeof eventTypeListSchema> = { data: [...eventTypes], next_cursor: null };
    return { status: 200, body };
  },
});

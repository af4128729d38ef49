import * as z from 'zod';
import { LINK_SECONDS, MAX_SESSION_SECONDS } from '../../../shared/domain/session.ts';
import { EXAMPLE_TOKEN } from '../../schemas/examples.ts';
import type { CallDescription } from '../call-description.ts';
import { sessionSchema } from '../schemas/session.ts';

const createdSessionSchema = sessionSchema.extend({
  token: z.string().meta({
    description: 'For the header `Authorization: Bearer …`. No other response contains it.',
    examples: [EXAMPLE_TOKEN],
  }),
});

export type CreatedSession = z.output<typeof createdSessionSchema>;

export const createSession: CallDescription = {
  summary: 'Begin a session',
  description:
    'Exchanges the code of a link to the console, or an API key, for a token that is valid for a limited time. Needs no ' +
    `API key in a header. A code is valid once, and for ${LINK_SECONDS / 60} minutes, or for an hour when the link was ` +
    'made by a command. The account, the right, the actor and the time of validity, at most ' +
    `${MAX_SESSION_SECONDS / 3600} hours, are those of the link. With an API key: its account, all calls, its name, one ` +
    'hour; the session ends with the key.',
  success: {
    status: 201,
    description: 'Begun. Only this response contains the token.',
    output: { name: 'CreatedSession', schema: createdSessionSchema },
  },
  problems: ['unauthorized', 'code-unknown', 'code-used', 'code-expired', 'too-many-requests'],
};

import * as z from 'zod';
import { LINK_SECONDS, MAX_SESSION_SECONDS } from '../../shared/domain/session.ts';
import { MAX_SESSION_SECRET_CHARACTERS } from '../../shared/domain/session-secret.ts';
import { definePublicCall } from '../call.ts';
import { optional } from '../schemas/input-fields.ts';
import { EXAMPLE_CODE, EXAMPLE_TOKEN, sessionSchema, toSessionView } from '../schemas/session.ts';
import { exchangeCode, exchangeKey } from '../sessions/begin-session.ts';

const createdSessionSchema = sessionSchema.extend({
  token: z.string().meta({
    description: 'For the header `Authorization: Bearer …`. No other response contains it.',
    examples: [EXAMPLE_TOKEN],
  }),
});

export const createSession = definePublicCall({
  description: {
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
  },
  input: z
    .strictObject({
      code: optional(
        z
          .string()
          .max(MAX_SESSION_SECRET_CHARACTERS)
          .meta({
            description: 'From the fragment of a link.',
            examples: [EXAMPLE_CODE],
          }),
      ),
      api_key: optional(z.string().max(64).meta({ description: '`whk_…`, instead of a code.' })),
    })
    .refine(({ code, api_key }) => (code === undefined) !== (api_key === undefined), {
      error: 'send either code or api_key',
    }),
  async handle({ input: { code, api_key: apiKey = '' }, requestId }, deps) {
    const begun =
      code === undefined
        ? await exchangeKey(apiKey, requestId, deps)
        : await exchangeCode(code, requestId, deps);
    if (!begun.ok) return begun.response;
    const { actor, ...session } = begun.session;
    const body: z.output<typeof createdSessionSchema> = {
      ...toSessionView({ ...session, kind: 'session', name: actor }),
      token: begun.token,
    };
    return { status: 201, body };
  },
});

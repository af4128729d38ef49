import * as z from 'zod/mini';
import { MAX_SESSION_SECRET_CHARACTERS } from '../../shared/domain/session-secret.ts';
import { definePublicCall } from '../call.ts';
import type { CreatedSession } from '../open-api/calls/create-session.ts';
import { EXAMPLE_CODE } from '../schemas/examples.ts';
import { optional } from '../schemas/input-fields.ts';
import { exchangeCode, exchangeKey } from '../sessions/begin-session.ts';
import { toSessionView } from '../sessions/session-view.ts';

export const createSession = definePublicCall({
  input: () =>
    z
      .strictObject({
        code: optional(
          z
            .string()
            .check(z.maxLength(MAX_SESSION_SECRET_CHARACTERS))
            .register(z.globalRegistry, {
              description: 'From the fragment of a link.',
              examples: [EXAMPLE_CODE],
            }),
        ),
        api_key: optional(
          z
            .string()
            .check(z.maxLength(64))
            .register(z.globalRegistry, { description: '`whk_…`, instead of a code.' }),
        ),
      })
      .check(
        z.refine(({ code, api_key }) => (code === undefined) !== (api_key === undefined), {
          error: 'send either code or api_key',
        }),
      ),
  async handle({ input: { code, api_key: apiKey = '' }, requestId }, deps) {
    const begun =
      code === undefined
        ? await exchangeKey(apiKey, requestId, deps)
        : await exchangeCode(code, requestId, deps);
    if (!begun.ok) return begun.response;
    const { actor, ...session } = begun.session;
    const body: CreatedSession = {
      ...toSessionView({ ...session, kind: 'session', name: actor }),
      token: begun.token,
    };
    return { status: 201, body };
  },
});

import { defineCallWithoutInput } from '../call.ts';
import { sessionSchema, toSessionView } from '../schemas/session.ts';

export const getSession = defineCallWithoutInput({
  description: {
    summary: 'Get the session of this request',
    description:
      'Says for which account, with which right, as whom and until when the request is authenticated.',
    success: {
      status: 200,
      description: 'The session, or the API key.',
      output: { name: 'Session', schema: sessionSchema },
    },
    problems: [],
  },
  async handle({ caller }) {
    return { status: 200, body: toSessionView(caller) };
  },
});

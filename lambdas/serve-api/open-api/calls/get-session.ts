import type { CallDescription } from '../call-description.ts';
import { sessionSchema } from '../schemas/session.ts';

export const getSession: CallDescription = {
  summary: 'Get the session of this request',
  description:
    'Says for which account, with which right, as whom and until when the request is authenticated.',
  success: {
    status: 200,
    description: 'The session, or the API key.',
    output: { name: 'Session', schema: sessionSchema },
  },
  problems: [],
};

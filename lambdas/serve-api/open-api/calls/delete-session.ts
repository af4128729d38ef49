import type { CallDescription } from '../call-description.ts';

export const deleteSession: CallDescription = {
  summary: 'End the session of this request',
  description:
    'Its token is refused from the next request on. 400 with an API key: the operator revokes keys.',
  success: { status: 204, description: 'Ended.' },
  problems: ['invalid-request'],
};

import type { CallDescription } from '../call-description.ts';

export const deleteListener: CallDescription = {
  summary: 'Delete a listener',
  description: 'Ends it at once. Its deliveries cannot be read any more; they are deleted within some days.',
  success: { status: 204, description: 'Deleted.' },
  problems: ['not-found'],
};

import { parseListenerId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { listenerNotFound } from '../problem.ts';

export const deleteListener = defineCallWithoutInput({
  description: {
    summary: 'Delete a listener',
    description:
      'Ends it at once. Its deliveries cannot be read any more; they are deleted within some days.',
    success: { status: 204, description: 'Deleted.' },
    problems: ['not-found'],
  },
  async handle({ accountId, path }, { listeners }) {
    const listenerId = parseListenerId(path.listener_id);
    const removed = listenerId !== undefined && (await listeners.remove(accountId, listenerId));
    return removed ? { status: 204 } : listenerNotFound();
  },
});

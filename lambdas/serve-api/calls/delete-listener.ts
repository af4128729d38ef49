import { parseListenerId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { listenerNotFound } from '../problem.ts';

export const deleteListener = defineCallWithoutInput({
  async handle({ accountId, path }, { listeners }) {
    const listenerId = parseListenerId(path.listener_id);
    const removed = listenerId !== undefined && (await listeners.remove(accountId, listenerId));
    return removed ? { status: 204 } : listenerNotFound();
  },
});

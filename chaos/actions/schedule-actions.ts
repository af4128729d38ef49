import type { Scenario } from '../scenario.ts';
import type { UserAction } from './user-action.ts';

/** Performs each action at its time from now. The returned function counts the actions that have not ended. */
export function scheduleActions(
  { webhooks, actions }: Scenario,
  perform: (action: UserAction) => Promise<void>,
): () => number {
  let unfinished = 0;
  const schedule = (action: UserAction): void => {
    unfinished++;
    setTimeout(() => {
      void perform(action).finally(() => unfinished--);
    }, action.at);
  };
  for (const [webhook, { state }] of webhooks.entries()) {
    if (state === 'pending') schedule({ do: 'create', at: 0, webhook });
  }
  for (const action of actions) schedule(action);
  return () => unfinished;
}

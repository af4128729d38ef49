import type { Scenario, UserAction } from './scenario.ts';

/** Performs each action at its time from now. The function that it returns says how many have not ended. */
export function startActions(
  { webhooks, actions }: Scenario,
  perform: (action: UserAction) => Promise<void>,
): () => number {
  let open = 0;
  const later = (action: UserAction): void => {
    open++;
    setTimeout(() => {
      void perform(action).finally(() => open--);
    }, action.at);
  };
  for (const [webhook, { state }] of webhooks.entries()) {
    if (state === 'pending') later({ do: 'create', at: 0, webhook });
  }
  for (const action of actions) later(action);
  return () => open;
}

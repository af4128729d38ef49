import type { Action } from './perform.ts';
import type { Scenario } from './scenario.ts';

/** Has each step done at its time from now. The function that it returns tells how many are still to be done. */
export function startSteps(
  { webhooks, steps }: Scenario,
  perform: (action: Action) => Promise<void>,
): () => number {
  let open = 0;
  const later = (at: number, action: Action): void => {
    open++;
    setTimeout(() => {
      void perform(action).finally(() => open--);
    }, at);
  };
  for (const [webhook, { state }] of webhooks.entries()) {
    if (state === 'pending') later(0, { do: 'create', webhook });
  }
  for (const step of steps) later(step.at, step);
  return () => open;
}

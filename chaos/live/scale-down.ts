import type { UserAction } from '../actions/user-action.ts';
import type { Answer, Answers, Scenario, WebhookSpec } from '../scenario.ts';
import { scaleDownFault } from './scale-down-faults.ts';

/** All actions happen in the first seconds. */
const ACTIONS_WITHIN_MS = 3_000;
/** Late enough for a delivery to be exhausted. */
const REDRIVE_AT_MS = 9_000;
const MAX_EXTRA_WEBHOOKS = 10;
const ENVIRONMENTS = 2;

/**
 * Answers that take long or request a long wait are replaced by fast ones, and refused addresses by refused
 * connections.
 */
const REPLACEMENTS: Partial<Record<Answer, Answer>> = {
  hang: 'error',
  private: 'unreachable',
  crawl: 'slow',
  busy: 'error',
  throttled: 'error',
};

/** Makes a scenario short enough for real time, and replaces faults that the local cloud does not support. */
export function scaleDown({ retryDelaysSeconds: _, ...scenario }: Scenario): Scenario {
  return {
    ...scenario,
    webhooks: scenario.webhooks.map(scaleDownWebhook),
    extraWebhooks: Math.min(scenario.extraWebhooks, MAX_EXTRA_WEBHOOKS),
    // A recovery takes minutes.
    actions: scenario.actions.filter((action) => action.do !== 'recover').map(scaleDownAction),
    faults: scenario.faults.flatMap(scaleDownFault),
    environments: ENVIRONMENTS,
  };
}

function scaleDownAction(action: UserAction): UserAction {
  const at = action.do === 'redrive' ? REDRIVE_AT_MS : action.at % ACTIONS_WITHIN_MS;
  // A message of another version is redelivered for two days before SQS moves it to the poison queue.
  if (action.do === 'poison' && action.as === 'other version') return { ...action, at, as: 'missing field' };
  return { ...action, at };
}

function scaleDownWebhook(webhook: WebhookSpec): WebhookSpec {
  const scaled = ([first, ...rest]: Answers): Answers => [
    REPLACEMENTS[first] ?? first,
    ...rest.map((answer) => REPLACEMENTS[answer] ?? answer),
  ];
  return {
    ...webhook,
    answers: scaled(webhook.answers),
    answersElsewhere: scaled(webhook.answersElsewhere),
  };
}

import type { Answer, Answers, Scenario, UserAction, WebhookSpec } from '../scenario.ts';

/** All actions happen in the first seconds. */
const ACTIONS_WITHIN_MS = 3_000;
/** Late enough for something to have been given up. */
const REDRIVE_AT_MS = 9_000;
const MAX_CROWD = 10;
const ENVIRONMENTS = 2;

/** What hangs for half a minute fails at once instead, and no address is one that must be refused. */
const INSTEAD: Partial<Record<Answer, Answer>> = { hang: 'error', private: 'unreachable', crawl: 'slow' };

/** The scenario, short enough to be played in real time. */
export function scaleDown(scenario: Scenario): Scenario {
  return {
    ...scenario,
    webhooks: scenario.webhooks.map(scaleDownWebhook),
    crowd: Math.min(scenario.crowd, MAX_CROWD),
    actions: scenario.actions.map(scaleDownAction),
    environments: ENVIRONMENTS,
  };
}

function scaleDownAction(action: UserAction): UserAction {
  const at = action.do === 'redrive' ? REDRIVE_AT_MS : action.at % ACTIONS_WITHIN_MS;
  // A message of another version comes back for two days before it is on the poison queue.
  if (action.do === 'poison' && action.as === 'other version') return { ...action, at, as: 'missing field' };
  return { ...action, at };
}

function scaleDownWebhook(webhook: WebhookSpec): WebhookSpec {
  const scaled = ([first, ...rest]: Answers): Answers => [
    INSTEAD[first] ?? first,
    ...rest.map((answer) => INSTEAD[answer] ?? answer),
  ];
  return {
    ...webhook,
    answers: scaled(webhook.answers),
    answersElsewhere: scaled(webhook.answersElsewhere),
  };
}

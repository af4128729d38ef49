import type { Answer, Answers, Scenario, Step, WebhookSpec } from '../scenario.ts';

/** All that people do, they do in the first seconds. */
const STEPS_WITHIN_MS = 3_000;
/** Late enough for something to have been given up. */
const REDRIVE_AT_MS = 9_000;
const MAX_CROWD = 10;
const ENVIRONMENTS = 2;

/** Real time is dear: what hangs for half a minute fails at once, and no address is one that must be refused. */
const INSTEAD: Partial<Record<Answer, Answer>> = { hang: 'error', private: 'unreachable', crawl: 'slow' };

/** The scenario, small enough to be played in real time. */
export function squeeze(scenario: Scenario): Scenario {
  return {
    ...scenario,
    webhooks: scenario.webhooks.map(squeezeWebhook),
    crowd: Math.min(scenario.crowd, MAX_CROWD),
    steps: scenario.steps.map(
      (step): Step => ({ ...step, at: step.do === 'redrive' ? REDRIVE_AT_MS : step.at % STEPS_WITHIN_MS }),
    ),
    environments: ENVIRONMENTS,
  };
}

function squeezeWebhook(webhook: WebhookSpec): WebhookSpec {
  const squeezed = ([first, ...rest]: Answers): Answers => [
    INSTEAD[first] ?? first,
    ...rest.map((answer) => INSTEAD[answer] ?? answer),
  ];
  return {
    ...webhook,
    answers: squeezed(webhook.answers),
    answersElsewhere: squeezed(webhook.answersElsewhere),
  };
}

import type { Fault } from '../local/faults/fault.ts';
import type { Scenario, WebhookSpec } from './scenario.ts';

/**
 * Makes a failing scenario smaller: removes or simplifies one part after another while it still fails. Used after
 * fast-check's own shrinking, which does not remove elements of several lists. `tries`: the most runs.
 */
export async function shrink(
  scenario: Scenario,
  isBroken: (candidate: Scenario) => Promise<boolean>,
  tries: number,
): Promise<Scenario> {
  let smallest = scenario;
  let triesLeft = tries;
  for (let progress = true; progress; ) {
    progress = false;
    for (const candidate of smaller(smallest)) {
      if (triesLeft-- <= 0) return smallest;
      if (!(await isBroken(candidate))) continue;
      smallest = candidate;
      progress = true;
      break;
    }
  }
  return smallest;
}

function* smaller(scenario: Scenario): Generator<Scenario> {
  const { webhooks, extraWebhooks, actions, faults, environments } = scenario;
  for (const fewer of without(faults)) yield { ...scenario, faults: fewer };
  for (const fewer of without(actions)) yield { ...scenario, actions: fewer };
  if (extraWebhooks > 0) yield { ...scenario, extraWebhooks: 0 };
  // Actions name webhooks by index: only the last webhook can be removed.
  if (webhooks.length > 1) yield { ...scenario, webhooks: webhooks.slice(0, -1) };
  const { listens, ...withoutListener } = scenario;
  if (listens) yield withoutListener;
  if (environments < 20) yield { ...scenario, environments: 20 };
  const { retryDelaysSeconds, ...withPublishedDelays } = scenario;
  if (retryDelaysSeconds !== undefined) yield withPublishedDelays;
  for (const [index, webhook] of webhooks.entries()) {
    for (const one of simplerWebhooks(webhook)) yield { ...scenario, webhooks: webhooks.with(index, one) };
  }
  for (const [index, fault] of faults.entries()) {
    for (const one of simplerFaults(fault)) yield { ...scenario, faults: faults.with(index, one) };
  }
}

function* simplerWebhooks(webhook: WebhookSpec): Generator<WebhookSpec> {
  if (webhook.answers.join() !== 'ok') yield { ...webhook, answers: ['ok'] };
  if (webhook.answersElsewhere.join() !== 'ok') yield { ...webhook, answersElsewhere: ['ok'] };
  if (webhook.okEvents !== undefined) yield { ...webhook, okEvents: [] };
  if (webhook.markedSlow) yield { ...webhook, markedSlow: false };
  if (webhook.state !== 'active') yield { ...webhook, state: 'active' };
}

function* simplerFaults(fault: Fault): Generator<Fault> {
  if (fault.fault !== 'call' || fault.effects.length === 1) return;
  const [first, ...rest] = fault.effects;
  yield { ...fault, effects: [first, ...rest.slice(0, -1)] };
}

function* without<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let index = items.length - 1; index >= 0; index--) yield items.toSpliced(index, 1);
}

import type { Scenario } from './scenario.ts';

/**
 * Makes a broken scenario small by leaving out one thing after another, as long as it stays broken. It comes
 * after fast-check's own shrinking, which has no eye for what can be left out of several lists.
 */
export async function shrink(
  scenario: Scenario,
  isBroken: (candidate: Scenario) => Promise<boolean>,
  tries: number,
): Promise<Scenario> {
  let smallest = scenario;
  let left = tries;
  for (let progress = true; progress; ) {
    progress = false;
    for (const candidate of smaller(smallest)) {
      if (left-- <= 0) return smallest;
      if (!(await isBroken(candidate))) continue;
      smallest = candidate;
      progress = true;
      break;
    }
  }
  return smallest;
}

function* smaller(scenario: Scenario): Generator<Scenario> {
  const { webhooks, crowd, steps, faults, environments } = scenario;
  for (const fewer of without(faults)) yield { ...scenario, faults: fewer };
  for (const fewer of without(steps)) yield { ...scenario, steps: fewer };
  if (crowd > 0) yield { ...scenario, crowd: 0 };
  // Steps name webhooks by their place: only the last can go.
  if (webhooks.length > 1) yield { ...scenario, webhooks: webhooks.slice(0, -1) };
  if (environments < 20) yield { ...scenario, environments: 20 };
  for (const [index, webhook] of webhooks.entries()) {
    const others = [
      ...(webhook.answers.join() === 'ok' ? [] : [{ ...webhook, answers: ['ok'] as const }]),
      ...(webhook.answersElsewhere.join() === 'ok'
        ? []
        : [{ ...webhook, answersElsewhere: ['ok'] as const }]),
      ...(webhook.markedSlow ? [{ ...webhook, markedSlow: false }] : []),
      ...(webhook.state === 'active' ? [] : [{ ...webhook, state: 'active' as const }]),
    ];
    for (const one of others) yield { ...scenario, webhooks: webhooks.with(index, one) };
  }
}

function* without<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let index = items.length - 1; index >= 0; index--) yield items.toSpliced(index, 1);
}

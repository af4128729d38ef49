import { isOk } from '../endpoints.ts';
import type { Answer, Scenario } from '../scenario.ts';
import { MAX_ATTEMPTS } from './contract.ts';
import type { DeliveryChain } from './delivery-chains.ts';
import { unwrappedBy } from './events.ts';
import type { Evidence } from './evidence.ts';
import { isActive, isSubscribedTo } from './webhook-items.ts';

/** Without faults, exactly the expected requests are made, and exactly the expected system events. */
export function* checkWithoutFaults(evidence: Evidence, chains: readonly DeliveryChain[]): Generator<string> {
  const { scenario, faults, accepted } = evidence;
  if (!isFaultFree(scenario) || faults.length > 0) return;
  const expected: string[] = [];
  let retries = 0;
  let exhausted = 0;
  for (const { at, event } of accepted) {
    const type = event['detail-type'];
    if (event.detail.id === 'evt_invalid') continue;
    const account = String(event.detail.account_id);
    const webhookIds = [...evidence.webhookStates.keys()].filter((id) => evidence.accountOf(id) === account);
    const stateOf = (id: string) => evidence.statesOf(id, at, at).at(-1);
    const isSubscribed = (name: string) =>
      webhookIds.some((id) => isActive(stateOf(id)) && isSubscribedTo(stateOf(id), name));
    for (const id of webhookIds.filter(
      (one) => isActive(stateOf(one)) && isSubscribedTo(stateOf(one), type) && hasSecret(evidence, one),
    )) {
      const max = event.detail.about_webhook_id === id ? 1 : MAX_ATTEMPTS;
      const { attempts, failed } = simulate(answersOf(evidence, id), max);
      for (let attempt = 1; attempt <= attempts; attempt++)
        expected.push(`${id} ${event.detail.id} ${attempt}`);
      if (type.startsWith('webhook.')) continue;
      if (isSubscribed('webhook.retry')) retries += attempts - 1;
      if (isSubscribed('webhook.exhausted') && failed) exhausted += 1;
    }
  }
  const made = chains
    .filter(({ kind }) => kind === 'event')
    .flatMap(({ webhookId, eventId, posts }) =>
      posts.map(({ attempt }) => `${webhookId} ${eventId} ${attempt}`),
    );
  yield* differences(expected, made);
  const published = (name: string) => accepted.filter(({ event }) => event['detail-type'] === name).length;
  if (published('webhook.retry') !== retries)
    yield `${published('webhook.retry')} webhook.retry, expected ${retries}`;
  if (published('webhook.exhausted') !== exhausted)
    yield `${published('webhook.exhausted')} webhook.exhausted, expected ${exhausted}`;
  for (const [environment, times] of unwrappedBy(evidence)) {
    if (times > 1) yield `without faults, ${environment} had its data key unwrapped ${times} times`;
  }
}

function isFaultFree({ faults, actions, webhooks }: Scenario): boolean {
  const published = actions.flatMap((action) =>
    action.do === 'publish' ? [`${action.account} ${action.event}`] : [],
  );
  return (
    faults.length === 0 &&
    actions.every(({ do: what }) => what === 'publish' || what === 'publish_invalid' || what === 'poison') &&
    new Set(published).size === published.length &&
    webhooks.every(({ state }) => state !== 'pending')
  );
}

function hasSecret(evidence: Evidence, id: string): boolean {
  return evidence.specOf(id)?.state !== 'sealed_elsewhere';
}

function answersOf(evidence: Evidence, id: string): readonly Answer[] {
  return evidence.specOf(id)?.answers ?? ['ok'];
}

function simulate(answers: readonly Answer[], max: number): { attempts: number; failed: boolean } {
  for (let attempt = 1; attempt <= max; attempt++) {
    const answer = answers[Math.min(attempt, answers.length) - 1] ?? 'ok';
    if (isOk(answer)) return { attempts: attempt, failed: false };
    if (answer === 'private') return { attempts: attempt, failed: true };
  }
  return { attempts: max, failed: true };
}

function* differences(expected: readonly string[], made: readonly string[]): Generator<string> {
  const count = (list: readonly string[], one: string) => list.filter((other) => other === one).length;
  for (const one of new Set([...expected, ...made])) {
    const [times, found] = [count(expected, one), count(made, one)];
    if (times !== found) yield `without faults, ${one} was POSTed ${found} times instead of ${times}`;
  }
}

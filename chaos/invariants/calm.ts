import { isOk } from '../customers.ts';
import type { Answer, Scenario } from '../scenario.ts';
import { MAX_ATTEMPTS } from './contract.ts';
import type { Line } from './deliveries.ts';
import { unwrappedBy } from './events.ts';
import type { Evidence } from './evidence.ts';
import { isActive, wants } from './webhook-items.ts';

/** Where nothing goes wrong, exactly the expected requests are made, and the expected system events. */
export function* checkCalm(evidence: Evidence, lines: readonly Line[]): Generator<string> {
  const { scenario, faults, accepted } = evidence;
  if (!isCalm(scenario) || faults.length > 0) return;
  const expected: string[] = [];
  let retries = 0;
  let givenUp = 0;
  for (const { at, event } of accepted) {
    const type = event['detail-type'];
    if (event.detail.id === 'evt_invalid') continue;
    const account = String(event.detail.account_id);
    const own = [...evidence.webhookStates.keys()].filter((id) => evidence.accountOf(id) === account);
    const nowOf = (id: string) => evidence.statesOf(id, at, at).at(-1);
    const hears = (name: string) => own.some((id) => isActive(nowOf(id)) && wants(nowOf(id), name));
    for (const id of own.filter(
      (one) => isActive(nowOf(one)) && wants(nowOf(one), type) && hasSecret(evidence, one),
    )) {
      const max = event.detail.about_webhook_id === id ? 1 : MAX_ATTEMPTS;
      const { attempts, failed } = simulate(answersOf(evidence, id), max);
      for (let attempt = 1; attempt <= attempts; attempt++)
        expected.push(`${id} ${event.detail.id} ${attempt}`);
      if (type.startsWith('webhook.')) continue;
      if (hears('webhook.retry')) retries += attempts - 1;
      if (hears('webhook.exhausted') && failed) givenUp += 1;
    }
  }
  const made = lines
    .filter(({ kind }) => kind === 'event')
    .flatMap(({ webhookId, eventId, posts }) =>
      posts.map(({ attempt }) => `${webhookId} ${eventId} ${attempt}`),
    );
  yield* differences(expected, made);
  const published = (name: string) => accepted.filter(({ event }) => event['detail-type'] === name).length;
  if (published('webhook.retry') !== retries)
    yield `${published('webhook.retry')} webhook.retry, expected ${retries}`;
  if (published('webhook.exhausted') !== givenUp)
    yield `${published('webhook.exhausted')} webhook.exhausted, expected ${givenUp}`;
  for (const [environment, times] of unwrappedBy(evidence)) {
    if (times > 1) yield `nothing went wrong, and ${environment} had its data key unwrapped ${times} times`;
  }
}

function isCalm({ faults, actions, webhooks }: Scenario): boolean {
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
    const [wanted, found] = [count(expected, one), count(made, one)];
    if (wanted !== found)
      yield `nothing went wrong, and ${one} was POSTed ${found} times instead of ${wanted}`;
  }
}

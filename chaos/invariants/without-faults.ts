import { isOk } from '../endpoints.ts';
import type { Answer, Scenario } from '../scenario.ts';
import type { DeliveryChain } from './delivery-chains.ts';
import { unwrappedBy } from './events.ts';
import type { Evidence } from './evidence.ts';
import { MAX_ATTEMPTS } from './published-limits.ts';
import { isActive, isSubscribedTo } from './webhook-items.ts';

/** Without faults, exactly the expected requests are made, and exactly the expected system events. */
export function* checkWithoutFaults(evidence: Evidence, chains: readonly DeliveryChain[]): Generator<string> {
  const { scenario, faults, accepted } = evidence;
  if (!isFaultFree(scenario) || faults.length > 0) return;
  const expected = expectedOf(evidence);
  const made = chains
    .filter(({ kind }) => kind === 'event')
    .flatMap(({ webhookId, eventId, posts }) =>
      posts.map(({ attempt }) => `${webhookId} ${eventId} ${attempt}`),
    );
  yield* differences(expected.requests, made);
  for (const [name, count] of Object.entries(expected.systemEvents)) {
    const published = accepted.filter(({ event }) => event['detail-type'] === name).length;
    if (published !== count) yield `${published} ${name}, expected ${count}`;
  }
  for (const [environment, times] of unwrappedBy(evidence)) {
    if (times > 1) yield `without faults, ${environment} had its data key unwrapped ${times} times`;
  }
}

interface Expected {
  /** Each as `<webhook id> <event id> <attempt>`. */
  readonly requests: readonly string[];
  /** How many system events, by type. */
  readonly systemEvents: Readonly<Record<'webhook.retry' | 'webhook.exhausted', number>>;
}

/** Simulates the delivery of every accepted event. */
function expectedOf(evidence: Evidence): Expected {
  const requests: string[] = [];
  const systemEvents = { 'webhook.retry': 0, 'webhook.exhausted': 0 };
  for (const { at, event } of evidence.accepted) {
    const type = event['detail-type'];
    const { id: eventId, account_id: account, about_webhook_id: about } = event.detail;
    if (eventId === 'evt_invalid') continue;
    const webhookIds = [...evidence.webhookStates.keys()].filter((id) => evidence.accountOf(id) === account);
    const subscribedTo = (name: string): string[] =>
      webhookIds.filter((id) => {
        const item = evidence.statesOf(id, at, at).at(-1);
        return isActive(item) && isSubscribedTo(item, name);
      });
    const isReported = {
      retry: subscribedTo('webhook.retry').length > 0,
      exhausted: subscribedTo('webhook.exhausted').length > 0,
    };
    for (const id of subscribedTo(type).filter((one) => hasSecret(evidence, one))) {
      const { attempts, failed } = simulate(answersOf(evidence, id), about === id ? 1 : MAX_ATTEMPTS);
      for (let attempt = 1; attempt <= attempts; attempt++) requests.push(`${id} ${eventId} ${attempt}`);
      if (type.startsWith('webhook.')) continue;
      if (isReported.retry) systemEvents['webhook.retry'] += attempts - 1;
      if (isReported.exhausted && failed) systemEvents['webhook.exhausted'] += 1;
    }
  }
  return { requests, systemEvents };
}

export function isFaultFree({ faults, actions, webhooks, disableAfter }: Scenario): boolean {
  const published = actions.flatMap((action) =>
    action.do === 'publish' ? [`${action.account} ${action.event}`] : [],
  );
  return (
    faults.length === 0 &&
    actions.every(({ do: what }) => what === 'publish' || what === 'publish_invalid' || what === 'poison') &&
    new Set(published).size === published.length &&
    // Whether an event arrives then depends on the time at which its webhook is disabled.
    disableAfter === undefined &&
    webhooks.every(({ state, answers }) => state !== 'pending' && !answers.includes('gone'))
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

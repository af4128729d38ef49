import type { Answer, Scenario } from '../scenario.ts';
import { MAX_ATTEMPTS } from './contract.ts';
import type { Evidence } from './evidence.ts';
import { isActive, wants } from './subscriptions.ts';

/** Batching, forwarding and the slow lane's window. */
const SLACK_MS = 3_000;
/** Where something hangs it may hold others for as long as it does. */
const HANGING_SLACK_MS = 35_000;
/** Enough for everything to be sent at once. */
const AMPLE_ENVIRONMENTS = 8;

/** Where nothing goes wrong, exactly the expected requests are made, and in time. */
export function* checkCalm(evidence: Evidence): Generator<string> {
  const { scenario, history } = evidence;
  // An environment that left an attempt open and is not used again forgets it: a duplicate, by decision.
  if (!isCalm(scenario) || history.touched.size > 0) return;
  const expected: string[] = [];
  let retries = 0;
  let givenUp = 0;
  for (const { at, event } of history.accepted) {
    const type = event['detail-type'];
    if (event.detail.id === 'evt_invalid') continue;
    const account = String(event.detail.account_id);
    const own = [...history.webhookStates.keys()].filter((id) => evidence.accountOf(id) === account);
    const nowOf = (id: string) => evidence.statesOf(id, at, at).at(-1);
    const told = (name: string) => own.some((id) => isActive(nowOf(id)) && wants(nowOf(id), name));
    for (const id of own.filter(
      (one) => isActive(nowOf(one)) && wants(nowOf(one), type) && opens(evidence, one),
    )) {
      const max = event.detail.about_webhook_id === id ? 1 : MAX_ATTEMPTS;
      const { attempts, failed } = simulate(answersOf(evidence, id), max);
      for (let attempt = 1; attempt <= attempts; attempt++)
        expected.push(`${id} ${event.detail.id} ${attempt}`);
      if (type.startsWith('webhook.')) continue;
      if (told('webhook.retry')) retries += attempts - 1;
      if (told('webhook.exhausted') && failed) givenUp += 1;
    }
  }
  const made = history.posts.map(
    ({ url, eventId, attempt }) => `${evidence.owners.get(url)} ${eventId} ${attempt}`,
  );
  yield* differences(expected, made);
  const published = (name: string) =>
    history.accepted.filter(({ event }) => event['detail-type'] === name).length;
  if (published('webhook.retry') !== retries)
    yield `${published('webhook.retry')} webhook.retry, expected ${retries}`;
  if (published('webhook.exhausted') !== givenUp) {
    yield `${published('webhook.exhausted')} webhook.exhausted, expected ${givenUp}`;
  }
  if (scenario.environments >= AMPLE_ENVIRONMENTS) {
    yield* checkTimes(evidence, hangs(scenario) ? HANGING_SLACK_MS : SLACK_MS);
  }
  for (const [environment, times] of history.unwrapped) {
    if (times > 1) yield `nothing went wrong, and ${environment} had its data key unwrapped ${times} times`;
  }
}

function isCalm({ faults, steps, webhooks }: Scenario): boolean {
  const published = steps.map((step) => (step.do === 'publish' ? `${step.account} ${step.event}` : step.do));
  return (
    faults.length === 0 &&
    steps.every((step) => step.do === 'publish' || step.do === 'publish_invalid' || step.do === 'poison') &&
    new Set(published.filter((name) => name.includes(' '))).size ===
      steps.filter((step) => step.do === 'publish').length &&
    webhooks.every(({ state }) => state !== 'pending')
  );
}

function opens(evidence: Evidence, id: string): boolean {
  return evidence.specOf(id)?.state !== 'sealed_elsewhere';
}

function answersOf(evidence: Evidence, id: string): readonly Answer[] {
  return evidence.specOf(id)?.answers ?? ['ok'];
}

function simulate(answers: readonly Answer[], max: number): { attempts: number; failed: boolean } {
  for (let attempt = 1; attempt <= max; attempt++) {
    const answer = answers[Math.min(attempt, answers.length) - 1] ?? 'ok';
    if (answer === 'ok' || answer === 'wrong' || answer === 'slow' || answer === 'crawl')
      return { attempts: attempt, failed: false };
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

function hangs({ webhooks }: Scenario): boolean {
  return webhooks.some(({ answers }) =>
    answers.some((answer) => answer === 'hang' || answer === 'slow' || answer === 'crawl'),
  );
}

function* checkTimes(
  { history, postsOf, owners, accountOf, retryDelaysMs }: Evidence,
  slackMs: number,
): Generator<string> {
  for (const { eventId, attempt, at, deliveryId, url } of history.posts) {
    const account = accountOf(owners.get(url) ?? '');
    const due =
      attempt === 1
        ? history.accepted.find(
            ({ event: { detail } }) => detail.id === eventId && detail.account_id === account,
          )?.at
        : postsOf.get(deliveryId)?.find((post) => post.attempt === attempt - 1)?.endedAt;
    const latest = (due ?? 0) + (retryDelaysMs[attempt - 2] ?? 0) + slackMs;
    if (at > latest)
      yield `nothing went wrong, and attempt ${attempt} of ${eventId} is ${at - latest} ms late`;
  }
}

import type { Answer, Scenario } from './scenario.ts';

const URL_FORM = /^https:\/\/(w|c)(\d+)\.customer\.example\/(\d+)$/;

/** Where a webhook points: at first, and after each `repoint`. */
export function urlOf(webhook: number, version = 0): string {
  return `https://w${webhook}.customer.example/${version}`;
}

export function crowdUrl(member: number): string {
  return `https://c${member}.customer.example/0`;
}

/** The scenario's webhook with that URL, at first or later; undefined for one of the crowd. */
export function webhookOfUrl(url: string): number | undefined {
  const [, kind, index] = URL_FORM.exec(url) ?? [];
  return kind === 'w' ? Number(index) : undefined;
}

/** What one request is answered with. `body`: of an answer with status 200. */
export interface Reply {
  readonly answer: Answer;
  readonly body: string;
}

/** How the scenario's endpoints answer: each delivery's requests in their order, by the URL that they reach. */
export function createCustomers(
  scenario: Scenario,
): (request: { url: string; deliveryId: string; body: string }) => Reply {
  const requests = new Map<string, number>();
  /** Challenges in the order of their arrival, by host. */
  const challenges = new Map<string, string[]>();

  const answerOf = (url: string, deliveryId: string): Answer => {
    const [, kind, index, version] = URL_FORM.exec(url) ?? [];
    if (kind === 'c') return 'ok';
    const webhook = scenario.webhooks[Number(index)];
    if (webhook === undefined) throw new Error(`the scenario has no endpoint at ${url}`);
    const answers = version === '0' ? webhook.answers : webhook.answersElsewhere;
    const nth = requests.get(`${url} ${deliveryId}`) ?? 0;
    requests.set(`${url} ${deliveryId}`, nth + 1);
    return answers[Math.min(nth, answers.length - 1)] ?? 'ok';
  };

  return ({ url, deliveryId, body }) => {
    const answer = answerOf(url, deliveryId);
    const { challenge } = JSON.parse(body).data;
    if (typeof challenge !== 'string') return { answer, body: '{}' };
    const { host } = new URL(url);
    const earlier = (challenges.get(host) ?? []).filter((one) => one !== challenge);
    challenges.set(host, [...earlier, challenge]);
    const echoed = echoes(answer) ? challenge : answer === 'stale' ? earlier.at(-1) : undefined;
    return { answer, body: JSON.stringify({ challenge: echoed ?? 'another' }) };
  };
}

/** How long an endpoint takes to answer so: `slow` is long enough to be marked. */
export const SLOW_MS = 7_000;
/** In a function that has 55 s: time for a write or two is left. */
export const CRAWL_MS = 29_500;

/** Whether the answer has status 200. */
export function isOk(answer: Answer): boolean {
  return (
    answer === 'ok' || answer === 'wrong' || answer === 'stale' || answer === 'slow' || answer === 'crawl'
  );
}

/** Whether a challenge is answered with itself. */
export function echoes(answer: Answer): boolean {
  return answer === 'ok' || answer === 'slow' || answer === 'crawl';
}

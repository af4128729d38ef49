import type { PostRequest } from '../lambdas/send-delivery/ports.ts';
import type { Post } from './history.ts';
import type { Answer, Scenario } from './scenario.ts';

const URL_FORM = /^https:\/\/(w|c)(\d+)\.customer\.example\/(\d+)$/;

/** Where a webhook points: at first, and after each `repoint`. */
export function urlOf(webhook: number, version = 0): string {
  return `https://w${webhook}.customer.example/${version}`;
}

export function crowdUrl(member: number): string {
  return `https://c${member}.customer.example/0`;
}

/** How the scenario's endpoints answer: each delivery's requests in their order, by the URL that they reach. */
export function createAnswers(scenario: Scenario): (url: string, deliveryId: string) => Answer {
  const seen = new Map<string, number>();
  return (url, deliveryId) => {
    const [, kind, index, version] = URL_FORM.exec(url) ?? [];
    if (kind === 'c') return 'ok';
    const webhook = scenario.webhooks[Number(index)];
    if (webhook === undefined) throw new Error(`nobody lives at ${url}`);
    const answers = version === '0' ? webhook.answers : webhook.answersElsewhere;
    const nth = seen.get(`${url} ${deliveryId}`) ?? 0;
    seen.set(`${url} ${deliveryId}`, nth + 1);
    return answers[Math.min(nth, answers.length - 1)] ?? 'ok';
  };
}

/** How long an endpoint thinks before it answers so: `slow` is long enough to be marked. */
export const SLOW_MS = 7_000;
/** In a function that has 55 s, with a retry of a write or two behind it. */
export const CRAWL_MS = 29_500;

/** The body of a right answer: a challenge comes back, and to any other event it does not matter. */
export function rightAnswer(body: string): string {
  const { data } = JSON.parse(body);
  return JSON.stringify({ challenge: data.challenge });
}

/** The body of an answer that does not prove anything. */
export const WRONG_ANSWER = '{"challenge":"another"}';

/** A request as it reached an endpoint. `answer` is what the endpoint is going to do. */
export function postOf(
  { url, headers, body }: Omit<PostRequest, 'readBody'>,
  { at, answer }: { readonly at: number; readonly answer: Answer },
): Post {
  return {
    at,
    url,
    headers,
    body,
    eventId: headers['webhook-id'] ?? '',
    deliveryId: headers['X-Webhook-Delivery'] ?? '',
    attempt: Number(headers['X-Webhook-Attempt']),
    answer,
    endedAt: at,
  };
}

import type { Answer, Scenario } from './scenario.ts';

/** `w`: a webhook of the scenario. `c`: one of the extra webhooks. */
const URL_FORM = /^https:\/\/(w|c)(\d+)\.customer\.example\/(\d+)$/;

/** The URL of a webhook. `version`: 0 at the start, one more after each `repoint`. */
export function urlOf(webhook: number, version = 0): string {
  return `${urlPrefixOf(webhook)}${version}`;
}

/** How all URLs of a webhook start. */
export function urlPrefixOf(webhook: number): string {
  return `https://w${webhook}.customer.example/`;
}

export function extraWebhookUrl(member: number): string {
  return `https://c${member}.customer.example/0`;
}

/** The answer to one request. */
export interface Reply {
  readonly answer: Answer;
  /** Undefined if the request fails without an answer. */
  readonly status: number | undefined;
  readonly body: string;
}

/** In seconds. */
const RETRY_AFTER: Partial<Record<Answer, number>> = { busy: 20, throttled: 1_200 };

/** The headers of an answer by lower-case name, without those that its server adds. */
export function headersOf(answer: Answer): Record<string, string> {
  const seconds = RETRY_AFTER[answer];
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}

/** The wait that the answer requests with `Retry-After`, in milliseconds. */
export function retryAfterMs(answer: Answer): number {
  return (RETRY_AFTER[answer] ?? 0) * 1_000;
}

const STATUSES: Readonly<Record<Answer, number | undefined>> = {
  ok: 200,
  wrong: 200,
  stale: 200,
  slow: 200,
  crawl: 200,
  error: 500,
  busy: 503,
  throttled: 429,
  redirect: 302,
  gone: 410,
  hang: undefined,
  unreachable: undefined,
  private: undefined,
};

/** Answers requests as the scenario specifies: by URL, and for each delivery in the order of its requests. */
export function createEndpoints(
  scenario: Scenario,
): (request: { url: string; deliveryId: string; body: string }) => Reply {
  const requests = new Map<string, number>();
  /** Challenges in the order of their arrival, by host. */
  const challenges = new Map<string, string[]>();

  const answerOf = (url: string, deliveryId: string, eventId: unknown): Answer => {
    const [, kind, index, version] = URL_FORM.exec(url) ?? [];
    if (kind === 'c') return 'ok';
    const webhook = scenario.webhooks[Number(index)];
    if (webhook === undefined) throw new Error(`the scenario has no endpoint at ${url}`);
    if (webhook.okEvents?.some((event) => eventId === `evt_${event}`)) return 'ok';
    const answers = version === '0' ? webhook.answers : webhook.answersElsewhere;
    const nth = requests.get(`${url} ${deliveryId}`) ?? 0;
    requests.set(`${url} ${deliveryId}`, nth + 1);
    return answers[Math.min(nth, answers.length - 1)] ?? 'ok';
  };

  return ({ url, deliveryId, body }) => {
    const { id: eventId, data } = JSON.parse(body);
    const answer = answerOf(url, deliveryId, eventId);
    const status = STATUSES[answer];
    const { challenge } = data;
    if (typeof challenge !== 'string')
      return { answer, status, body: status === 200 ? '{}' : errorBody(status) };
    const { host } = new URL(url);
    const earlier = (challenges.get(host) ?? []).filter((one) => one !== challenge);
    challenges.set(host, [...earlier, challenge]);
    const echoed = echoes(answer) ? challenge : answer === 'stale' ? earlier.at(-1) : undefined;
    return {
      answer,
      status,
      body: status === 200 ? JSON.stringify({ challenge: echoed ?? 'another' }) : errorBody(status),
    };
  };
}

function errorBody(status: number | undefined): string {
  return status === 500 ? 'oops' : '';
}

/** The duration of `slow`: long enough that the webhook is marked as slow. */
export const SLOW_MS = 7_000;
/** The duration of `crawl`. The sender's function has 55 s, so there is time for only one or two writes after it. */
export const CRAWL_MS = 29_500;

/** Whether the answer has status 200. */
export function isOk(answer: Answer): boolean {
  return STATUSES[answer] === 200;
}

/** Whether the endpoint echoes a challenge. */
export function echoes(answer: Answer): boolean {
  return answer === 'ok' || answer === 'slow' || answer === 'crawl';
}

import type { PostRequest, PostResult } from '../lambdas/send-delivery/ports.ts';
import type { History } from './history.ts';
import type { Answer, Scenario } from './scenario.ts';

/** The sender's own deadline for one request. */
const HANG_MS = 30_000;

const DURATION_MS: Readonly<Record<Answer, number>> = {
  ok: 40,
  wrong: 40,
  slow: 7_000,
  error: 25,
  redirect: 15,
  hang: HANG_MS,
  unreachable: 5,
  private: 1,
};

const HOST = /^https:\/\/(w|c)(\d+)\.customer\.example\/(\d+)$/;

/** Where a webhook points: at first, and after each `repoint`. */
export function urlOf(webhook: number, version = 0): string {
  return `https://w${webhook}.customer.example/${version}`;
}

export function crowdUrl(member: number): string {
  return `https://c${member}.customer.example/0`;
}

/** The customers' endpoints: what arrives is kept, and answered as the scenario says. */
export function createNetwork(
  scenario: Scenario,
  history: History,
  now: () => number,
): (request: PostRequest, by: string) => Promise<PostResult> {
  const seen = new Map<string, number>();

  const answerOf = (url: string, deliveryId: string): Answer => {
    const [, kind, index, version] = HOST.exec(url) ?? [];
    if (kind === 'c') return 'ok';
    const webhook = scenario.webhooks[Number(index)];
    if (webhook === undefined) throw new Error(`nobody lives at ${url}`);
    const answers = version === '0' ? webhook.answers : webhook.answersElsewhere;
    const nth = seen.get(`${url} ${deliveryId}`) ?? 0;
    seen.set(`${url} ${deliveryId}`, nth + 1);
    return answers[Math.min(nth, answers.length - 1)] ?? 'ok';
  };

  return async ({ url, headers, body }, by) => {
    const deliveryId = headers['X-Webhook-Delivery'] ?? '';
    const answer = answerOf(url, deliveryId);
    const durationMs = DURATION_MS[answer];
    const attempt = Number(headers['X-Webhook-Attempt']);
    const eventId = headers['webhook-id'] ?? '';
    const at = now();
    history.posts.push({
      at,
      url,
      headers,
      body,
      eventId,
      deliveryId,
      attempt,
      answer,
      endedAt: at + durationMs,
    });
    history.lines.push({ at, text: `${by} POSTs ${eventId} to ${url}, attempt ${attempt} of ${deliveryId}` });
    await new Promise((resolve) => setTimeout(resolve, durationMs));
    history.lines.push({ at: now(), text: `${url} answers ${eventId}, attempt ${attempt}: ${answer}` });
    return resultOf(answer, body, durationMs);
  };
}

function resultOf(answer: Answer, body: string, durationMs: number): PostResult {
  const answered = (status: number, text: string): PostResult => ({
    kind: 'answered',
    status,
    body: text,
    bodyCut: false,
    durationMs,
    reconnected: false,
  });
  const failed = (error: 'timeout' | 'connection_error' | 'address_refused', reason: string): PostResult => ({
    kind: 'failed',
    error,
    reason,
    durationMs,
    reconnected: false,
  });
  switch (answer) {
    case 'ok':
    case 'slow':
      return answered(200, echo(body));
    case 'wrong':
      return answered(200, '{"challenge":"another"}');
    case 'error':
      return answered(500, 'oops');
    case 'redirect':
      return answered(302, '');
    case 'hang':
      return failed('timeout', 'no answer within 30 s');
    case 'unreachable':
      return failed('connection_error', 'the connection was refused');
    case 'private':
      return failed('address_refused', 'the address 10.0.0.1 is private');
  }
}

function echo(body: string): string {
  const { data } = JSON.parse(body);
  return JSON.stringify({ challenge: data.challenge });
}

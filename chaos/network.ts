import type { PostRequest, PostResult } from '../lambdas/send-delivery/ports.ts';
import { CRAWL_MS, createAnswers, postOf, rightAnswer, SLOW_MS, WRONG_ANSWER } from './customers.ts';
import type { History, Post } from './history.ts';
import type { Answer, Scenario } from './scenario.ts';

/** The sender's own deadline for one request. */
const HANG_MS = 30_000;

const DURATION_MS: Readonly<Record<Answer, number>> = {
  ok: 40,
  wrong: 40,
  slow: SLOW_MS,
  crawl: CRAWL_MS,
  error: 25,
  redirect: 15,
  hang: HANG_MS,
  unreachable: 5,
  private: 1,
};

/** Sends a request, and tells of it before it is answered. */
export type Network = (
  request: PostRequest,
  by: string,
) => { readonly post: Post; readonly result: Promise<PostResult> };

/** The customers' endpoints: what arrives is kept, and answered as the scenario says. */
export function createNetwork(scenario: Scenario, history: History, now: () => number): Network {
  const answerOf = createAnswers(scenario);

  return (request, by) => {
    const { url, headers, body } = request;
    const at = now();
    const answer = answerOf(url, headers['X-Webhook-Delivery'] ?? '');
    const durationMs = DURATION_MS[answer];
    const post = { ...postOf(request, { at, answer }), endedAt: at + durationMs };
    const { eventId, attempt, deliveryId } = post;
    history.posts.push(post);
    history.lines.push({ at, text: `${by} POSTs ${eventId} to ${url}, attempt ${attempt} of ${deliveryId}` });
    const answered = async (): Promise<PostResult> => {
      await new Promise((resolve) => setTimeout(resolve, durationMs));
      history.lines.push({ at: now(), text: `${url} answers ${eventId}, attempt ${attempt}: ${answer}` });
      return resultOf(answer, body, durationMs);
    };
    return { post, result: answered() };
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
    case 'crawl':
      return answered(200, rightAnswer(body));
    case 'wrong':
      return answered(200, WRONG_ANSWER);
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

import type { PostRequest, PostResult } from '../lambdas/send-delivery/ports.ts';
import { createAnswers, postOf, rightAnswer, SLOW_MS, WRONG_ANSWER } from './customers.ts';
import type { History } from './history.ts';
import type { Answer, Scenario } from './scenario.ts';

/** The sender's own deadline for one request. */
const HANG_MS = 30_000;

const DURATION_MS: Readonly<Record<Answer, number>> = {
  ok: 40,
  wrong: 40,
  slow: SLOW_MS,
  error: 25,
  redirect: 15,
  hang: HANG_MS,
  unreachable: 5,
  private: 1,
};

/** The customers' endpoints: what arrives is kept, and answered as the scenario says. */
export function createNetwork(
  scenario: Scenario,
  history: History,
  now: () => number,
): (request: PostRequest, by: string) => Promise<PostResult> {
  const answerOf = createAnswers(scenario);

  return async (request, by) => {
    const { url, headers, body } = request;
    const at = now();
    const answer = answerOf(url, headers['X-Webhook-Delivery'] ?? '');
    const durationMs = DURATION_MS[answer];
    const post = { ...postOf(request, { at, answer }), endedAt: at + durationMs };
    const { eventId, attempt, deliveryId } = post;
    history.posts.push(post);
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

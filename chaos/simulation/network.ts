import type { PostRequest, PostResult } from '../../lambdas/shared/http/post.ts';
import { CRAWL_MS, createEndpoints, headersOf, type Reply, SLOW_MS } from '../endpoints.ts';
import type { Caller, History } from '../history.ts';
import type { Answer, Scenario } from '../scenario.ts';

/** The sender's deadline for one request. */
export const HANG_MS = 30_000;

const DURATION_MS: Readonly<Record<Answer, number>> = {
  ok: 40,
  wrong: 40,
  stale: 40,
  slow: SLOW_MS,
  crawl: CRAWL_MS,
  error: 25,
  busy: 30,
  throttled: 5,
  redirect: 15,
  gone: 20,
  hang: HANG_MS,
  unreachable: 5,
  private: 1,
};

/** Sends a request. `post`: its number in the history. */
export type Network = (
  request: PostRequest,
  caller: Caller,
) => { readonly post: number; readonly result: Promise<PostResult> };

/** The customers' endpoints. Each request is added to the history and answered as the scenario specifies. */
export function createNetwork(scenario: Scenario, history: History): Network {
  const answer = createEndpoints(scenario);

  return ({ url, headers, body }, caller) => {
    const reply = answer({ url, deliveryId: headers['X-Webhook-Delivery'] ?? '', body });
    const post = history.nextPost();
    history.add({ kind: 'posted', post, caller, url, headers, body, answer: reply.answer });
    const durationMs = DURATION_MS[reply.answer];
    const answered = async (): Promise<PostResult> => {
      await new Promise((resolve) => setTimeout(resolve, durationMs));
      history.add({ kind: 'answered', post });
      return resultOf(reply, durationMs);
    };
    return { post, result: answered() };
  };
}

/** The error and reason of each answer without a status. */
const FAILURES: Partial<Record<Answer, Pick<Extract<PostResult, { kind: 'failed' }>, 'error' | 'reason'>>> = {
  hang: { error: 'timeout', reason: 'no answer within 30 s' },
  unreachable: { error: 'connection_error', reason: 'the connection was refused' },
  private: { error: 'address_refused', reason: 'the address 10.0.0.1 is private' },
};

export function resultOf({ answer, status, body }: Reply, durationMs: number): PostResult {
  const common = { durationMs, timing: {}, reconnected: false };
  if (status !== undefined)
    return { kind: 'answered', status, headers: headersOf(answer), body, bodyCut: false, ...common };
  const failure = FAILURES[answer];
  if (failure === undefined) throw new Error(`the answer ${answer} has neither a status nor a failure`);
  return { kind: 'failed', ...failure, ...common };
}

import { echoes, isOk } from '../endpoints.ts';
import { type Caller, type Fact, factsOf } from '../history.ts';
import type { Answer } from '../scenario.ts';

/** One request that reached a customer's endpoint. */
export interface Post {
  readonly at: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly eventId: string;
  readonly deliveryId: string;
  readonly attempt: number;
  readonly answer: Answer;
  readonly isChallenge: boolean;
  /** The status is 200, and a challenge was echoed. */
  readonly isSuccess: boolean;
  /** When the endpoint had answered, or the sender's deadline had passed. */
  readonly endedAt: number;
  /** Absent in real time, where the sender is unknown. */
  readonly caller?: Caller;
  /** When its environment read the answer, in which run, and the index of that fact. */
  readonly read?: { readonly at: number; readonly caller: Caller; readonly index: number };
}

export function postsIn(facts: readonly Fact[]): Post[] {
  const endedAt = new Map(factsOf(facts, 'answered').map(({ post, at }) => [post, at]));
  const reads = new Map<number, NonNullable<Post['read']>>();
  for (const [index, fact] of facts.entries()) {
    if (fact.kind === 'answer_read') reads.set(fact.post, { at: fact.at, caller: fact.caller, index });
  }
  return factsOf(facts, 'posted').map(({ post, at, caller, url, headers, body, answer }): Post => {
    const isChallenge = headers['X-Webhook-Event'] === 'webhook.verification';
    const read = reads.get(post);
    return {
      at,
      url,
      headers,
      body,
      answer,
      eventId: headers['webhook-id'] ?? '',
      deliveryId: headers['X-Webhook-Delivery'] ?? '',
      attempt: Number(headers['X-Webhook-Attempt']),
      isChallenge,
      isSuccess: isChallenge ? echoes(answer) : isOk(answer),
      endedAt: endedAt.get(post) ?? at,
      ...(caller === undefined ? {} : { caller }),
      ...(read === undefined ? {} : { read }),
    };
  });
}

import type { DeliveryChain } from './delivery-chains.ts';
import type { Evidence } from './evidence.ts';
import { isActive } from './webhook-items.ts';

/** Batching, forwarding, the slow lane's window, and four tries to write a record. */
const SLACK_MS = 3_000;
/** An endpoint that does not respond may occupy the environment that other deliveries wait for. */
const HANGING_SLACK_MS = 35_000;
/** With this many, no delivery waits for an environment. */
const AMPLE_ENVIRONMENTS = 8;

/** A delivery is on time unless it was affected by a fault that can delay it. */
export function* checkTimes(evidence: Evidence, chain: DeliveryChain): Generator<string> {
  if (evidence.scenario.environments < AMPLE_ENVIRONMENTS) return;
  if (chain.faults.some(({ late, secondCopy }) => late || secondCopy)) return;
  const slackMs = hasSlowEndpoint(evidence) ? HANGING_SLACK_MS : SLACK_MS;
  for (const { posts } of chain.deliveries) {
    for (const { attempt, at } of posts) {
      const due = dueAt(evidence, chain, attempt);
      if (due === undefined || !wasActive(evidence, chain, at)) continue;
      if (at > due + slackMs)
        yield `attempt ${attempt} is ${at - due} ms late without a fault that delays it`;
    }
  }
}

/** Undefined if unknown: for the first attempt of a test or a challenge, and after a redrive. */
function dueAt({ retryDelaysMs }: Evidence, chain: DeliveryChain, attempt: number): number | undefined {
  const [{ posts } = { posts: [] }, redriven] = chain.deliveries;
  if (redriven !== undefined) return undefined;
  if (attempt === 1) return chain.kind === 'event' ? chain.acceptedAt : undefined;
  const before = posts.find((post) => post.attempt === attempt - 1 && !post.isSuccess);
  return before && before.endedAt + (retryDelaysMs[attempt - 2] ?? 0);
}

function wasActive(
  { statesOf }: Evidence,
  { webhookId, acceptedAt, kind }: DeliveryChain,
  until: number,
): boolean {
  return kind === 'challenge' || statesOf(webhookId, acceptedAt, until).every(isActive);
}

function hasSlowEndpoint({ scenario: { webhooks } }: Evidence): boolean {
  return webhooks.some(({ answers, answersElsewhere }) =>
    [...answers, ...answersElsewhere].some(
      (answer) => answer === 'hang' || answer === 'slow' || answer === 'crawl',
    ),
  );
}

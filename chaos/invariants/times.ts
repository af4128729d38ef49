import type { Line } from './deliveries.ts';
import type { Evidence } from './evidence.ts';
import { isActive } from './webhook-items.ts';

/** Batching, forwarding and the slow lane's window, and a record's write that is tried four times. */
const SLACK_MS = 3_000;
/** A hanging endpoint may hold the environment that others wait for. */
const HANGING_SLACK_MS = 35_000;
/** Enough for everything to be sent at once. */
const AMPLE_ENVIRONMENTS = 8;

/** A delivery is on time unless a fault that can make it late affected it. */
export function* checkTimes(evidence: Evidence, line: Line): Generator<string> {
  if (evidence.scenario.environments < AMPLE_ENVIRONMENTS) return;
  if (line.faults.some(({ late, secondCopy }) => late || secondCopy)) return;
  const slackMs = hangs(evidence) ? HANGING_SLACK_MS : SLACK_MS;
  for (const { posts } of line.deliveries) {
    for (const { attempt, at } of posts) {
      const due = dueAt(evidence, line, attempt);
      if (due === undefined || !wasActive(evidence, line, at)) continue;
      if (at > due + slackMs) yield `attempt ${attempt} is ${at - due} ms late, and no fault made it so`;
    }
  }
}

/** Undefined where it is not known: of a test or a challenge, and after a redrive. */
function dueAt({ retryDelaysMs }: Evidence, line: Line, attempt: number): number | undefined {
  const [{ posts } = { posts: [] }, redriven] = line.deliveries;
  if (redriven !== undefined) return undefined;
  if (attempt === 1) return line.kind === 'event' ? line.acceptedAt : undefined;
  const before = posts.find((post) => post.attempt === attempt - 1 && !post.isSuccess);
  return before && before.endedAt + (retryDelaysMs[attempt - 2] ?? 0);
}

function wasActive({ statesOf }: Evidence, { webhookId, acceptedAt, kind }: Line, until: number): boolean {
  return kind === 'challenge' || statesOf(webhookId, acceptedAt, until).every(isActive);
}

function hangs({ scenario: { webhooks } }: Evidence): boolean {
  return webhooks.some(({ answers, answersElsewhere }) =>
    [...answers, ...answersElsewhere].some(
      (answer) => answer === 'hang' || answer === 'slow' || answer === 'crawl',
    ),
  );
}

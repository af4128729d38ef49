import { type Fact, factsOf } from '../history.ts';
import type { DeliveryChain } from './delivery-chains.ts';
import type { Evidence } from './evidence.ts';
import type { Post } from './post.ts';

/** A function that is still running this long before its timeout may return with unfinished work. */
const OUT_OF_TIME_MS = 6_000;

/** A batch ends after the records of its attempts are written, unless it ran out of time or a fault happened. */
export function* checkBatch(evidence: Evidence, chain: DeliveryChain): Generator<string> {
  for (const { posts } of chain.deliveries) {
    for (const post of posts) {
      if (post.read === undefined) continue;
      if (chain.faults.some(({ fact }) => fact.caller?.name === post.caller?.name)) continue;
      const end = endOfRun(evidence, post);
      if (end === undefined || evidence.facts.slice(post.read.index, end).some(isRecordOf(post))) continue;
      yield `the batch of attempt ${post.attempt} ended before its record was written`;
    }
  }
}

/** The index of the end of the run that read the answer; undefined if the run was killed or ran out of time. */
function endOfRun({ facts, runs }: Evidence, { read }: Post): number | undefined {
  const run = read && runs.get(String(read.caller.run));
  if (run === undefined || run.end.kind !== 'returned') return undefined;
  return run.durationMs < run.timeoutMs - OUT_OF_TIME_MS ? facts.indexOf(run) : undefined;
}

function isRecordOf({ deliveryId, caller }: Post): (fact: Fact) => boolean {
  return (fact) =>
    fact.kind === 'called' &&
    fact.caller.name === caller?.name &&
    (fact.action === 'UpdateItem' || fact.action === 'BatchWriteItem') &&
    fact.names.some((name) => name.deliveryId === deliveryId);
}

/** Best-effort calls. A function waits only a few seconds for them. */
const NOT_WAITED_FOR: ReadonlySet<string> = new Set(['ChangeMessageVisibilityBatch']);
/** The dispatcher makes this call only to copy events for listeners, which is best effort, too. */
const COPY_FOR_LISTENERS = 'BatchWriteItem';

/**
 * A function with a batch returns after all its calls are answered, unless it runs out of time. Then unfinished work
 * continues in later runs of the environment.
 */
export function* checkOpenCalls({ facts }: Evidence): Generator<string> {
  const outOfTime = new Set<string>();
  for (const { caller, end, durationMs, timeoutMs, openCalls } of factsOf(facts, 'run_ended')) {
    if (durationMs >= timeoutMs - OUT_OF_TIME_MS) outOfTime.add(caller.name);
    if (caller.role === 'serve-api' || end.kind === 'failed' || outOfTime.has(caller.name)) continue;
    const isCopy = (action: string) => caller.role === 'dispatch-event' && action === COPY_FOR_LISTENERS;
    const open = openCalls.filter((action) => !NOT_WAITED_FOR.has(action) && !isCopy(action));
    if (open.length > 0) yield `${caller.run} returned while ${open.join(' and ')} were open`;
  }
}

import { type Fact, factsOf } from '../history.ts';
import type { Line } from './deliveries.ts';
import type { Evidence } from './evidence.ts';
import type { Post } from './posted.ts';

/** A function returns what is unfinished this long before Lambda would stop it, or a little later. */
const OUT_OF_TIME_MS = 6_000;
/** A batch ends after the records of its attempts were written, unless its time was up or a fault interfered. */
export function* checkBatch(evidence: Evidence, line: Line): Generator<string> {
  for (const { posts } of line.deliveries) {
    for (const post of posts) {
      if (post.read === undefined) continue;
      if (line.faults.some(({ fact }) => fact.caller?.name === post.caller?.name)) continue;
      const end = endOfRun(evidence, post);
      if (end === undefined || evidence.facts.slice(post.read.index, end).some(isRecordOf(post))) continue;
      yield `the batch of attempt ${post.attempt} ended before its record was written`;
    }
  }
}

/** The index of the fact that ends the run that read the answer; undefined where the run timed out or was killed. */
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

/** Best effort, and not waited for longer than some seconds. */
const NOT_WAITED_FOR: ReadonlySet<string> = new Set(['ChangeMessageVisibilityBatch']);

/**
 * A function that works on batches returns when all its calls are answered, unless its time was up. What that left
 * unfinished continues in later runs of the environment.
 */
export function* checkOpenCalls({ facts }: Evidence): Generator<string> {
  const outOfTime = new Set<string>();
  for (const { caller, end, durationMs, timeoutMs, openCalls } of factsOf(facts, 'run_ended')) {
    if (durationMs >= timeoutMs - OUT_OF_TIME_MS) outOfTime.add(caller.name);
    if (caller.role === 'serve-api' || end.kind === 'failed' || outOfTime.has(caller.name)) continue;
    const open = openCalls.filter((action) => !NOT_WAITED_FOR.has(action));
    if (open.length > 0) yield `${caller.run} returned while ${open.join(' and ')} were open`;
  }
}

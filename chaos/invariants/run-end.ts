import { UNREADABLE_BODIES } from '../actions/user-action.ts';
import { namesOfUnknownVersion } from '../affected-deliveries.ts';
import { factsOf } from '../history.ts';
import type { Evidence } from './evidence.ts';

/** A message of another version is redelivered until its receives are used up. */
const ON_POISON: ReadonlySet<string> = new Set([UNREADABLE_BODIES['other version']]);

/** All work ended, and each message that cannot be handled is on the queue for its kind. */
export function* checkEnd({ finalState, facts, scenario, versionsRead }: Evidence): Generator<string> {
  const { settled, queues, unexplained } = finalState;
  if (!settled) yield 'it did not end within 14 days or 30,000 timers';
  for (const { text, isAlarming } of factsOf(facts, 'problem')) if (isAlarming) yield text;
  for (const name of ['Events', 'First', 'Slow', 'Recoveries']) {
    if ((queues[name]?.length ?? 0) > 0) yield `messages remain on ${name}`;
  }
  const sent = scenario.actions.flatMap((action) =>
    action.do === 'poison' ? [UNREADABLE_BODIES[action.as]] : [],
  );
  const isForPoison = (body: string): boolean => ON_POISON.has(body);
  // No outage is long enough to use all receives of a valid message. A message that no later code reads uses them.
  const poison = (queues.Poison ?? []).filter((body) => !isOfUnknownVersion(body, versionsRead));
  yield* differences('poison', sent.filter(isForPoison), poison);
  yield* differences(
    'unreadable',
    sent.filter((body) => !isForPoison(body)),
    queues.Unreadable ?? [],
  );
  for (const name of ['Undispatched', 'Unreadable']) {
    if ((unexplained[name]?.length ?? 0) > 0) yield `messages are on the ${name} queue without a reason`;
  }
}

/** Whether it is a message of a delivery that the code deployed last does not read. */
function isOfUnknownVersion(body: string, versionsRead: readonly number[] | undefined): boolean {
  return (
    versionsRead !== undefined && namesOfUnknownVersion({ Records: [{ body }] }, versionsRead).length > 0
  );
}

function* differences(
  queue: string,
  expected: readonly string[],
  found: readonly string[],
): Generator<string> {
  // A message may be sent to the queue twice.
  for (const body of new Set(expected)) {
    if (!found.includes(body)) yield `${body} was sent to a lane, and is not on the ${queue} queue`;
  }
  for (const body of new Set(found)) {
    if (!expected.includes(body)) yield `a valid message is on the ${queue} queue: ${body}`;
  }
}

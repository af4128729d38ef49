import type { Evidence } from './evidence.ts';

/** A lane's 20 receives are more than three and a half hours; other faults may take some of them. */
const GIVING_UP_MS = 3 * 3_600_000;

/** Everything came to rest, and what nobody can read lies where a person finds it. */
export function* checkRest({ remains, history, scenario, poison }: Evidence): Generator<string> {
  if (!remains.settled) yield 'it never came to rest, within 14 days or 30,000 timers';
  for (const problem of history.problems) yield problem;
  for (const name of ['Parked', 'First', 'Slow']) {
    if ((remains.queues[name]?.length ?? 0) > 0) yield `messages are left on ${name}`;
  }
  const outageMs = scenario.faults.map((fault) => (fault.fault === 'down' ? fault.forMs : 0));
  if (Math.max(0, ...outageMs) < GIVING_UP_MS && poison.some((text) => text.startsWith('{"v":1,"kind"'))) {
    yield 'a lane gave a message up, and no outage was long enough for that';
  }
  if (remains.queues.Undispatched?.some((text) => !text.startsWith('{"reason"'))) {
    yield 'an event was given up after ten days, and no outage takes that long';
  }
  const thrown = scenario.steps.filter((step) => step.do === 'poison').length;
  const found = poison.filter(
    (text) => text.startsWith('{"reason"') && /poison|"v":[01]\}/.test(text.replaceAll('\\', '')),
  ).length;
  if (found < thrown)
    yield `${thrown} messages that nobody can read were sent, and ${found} lie on the poison queue`;
}

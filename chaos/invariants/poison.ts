import type { Evidence } from './evidence.ts';

/** Everything came to rest, and what nobody can read lies where a person finds it. */
export function* checkRest({ remains, history, scenario, poison }: Evidence): Generator<string> {
  if (!remains.settled) yield 'it never came to rest, within 14 days or 30,000 timers';
  for (const problem of history.problems) yield problem;
  for (const name of ['Parked', 'First', 'Slow']) {
    if ((remains.queues[name]?.length ?? 0) > 0) yield `messages are left on ${name}`;
  }
  const thrown = scenario.steps.filter((step) => step.do === 'poison').length;
  const found = poison.filter((text) => /poison|"v":[01]\}/.test(text.replaceAll('\\', ''))).length;
  if (found < thrown)
    yield `${thrown} messages that nobody can read were sent, and ${found} lie on the poison queue`;
}

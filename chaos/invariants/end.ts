import { isJson, parseJson } from '../affected-deliveries.ts';
import { factsOf } from '../history.ts';
import { UNREADABLE_BODIES } from '../user-actions.ts';
import type { Evidence } from './evidence.ts';

/** A lane's 20 receives take more than three and a half hours; other faults may use some of them. */
const GIVING_UP_MS = 3 * 3_600_000;
const UNREADABLE: ReadonlySet<unknown> = new Set(Object.values(UNREADABLE_BODIES));

/** Everything ended, and what cannot be handled is on the queue where an operator finds it. */
export function* checkEnd({ finalState, facts, scenario }: Evidence): Generator<string> {
  const { settled, queues } = finalState;
  if (!settled) yield 'it never ended, within 14 days or 30,000 timers';
  for (const { text, isAlarming } of factsOf(facts, 'problem')) if (isAlarming) yield text;
  for (const name of ['Parked', 'First', 'Slow']) {
    if ((queues[name]?.length ?? 0) > 0) yield `messages are left on ${name}`;
  }
  const poison = (queues.Poison ?? []).map(parseJson).filter(isJson);
  const outageMs = scenario.faults.map((fault) => (fault.fault === 'down' ? fault.forMs : 0));
  if (Math.max(0, ...outageMs) < GIVING_UP_MS && poison.some((message) => 'delivery_id' in message))
    yield 'a lane gave a message up, and no outage was long enough for that';
  const undispatched = (queues.Undispatched ?? []).map(parseJson);
  if (undispatched.some((message) => !isJson(message) || typeof message.reason !== 'string'))
    yield 'an event was given up after ten days, and no outage takes that long';
  const unreadable = poison.filter(({ reason }) => typeof reason === 'string').map(({ body }) => body);
  if (unreadable.some((body) => !UNREADABLE.has(body))) yield 'a message of our own could not be read';
  const sent = scenario.actions.filter((action) => action.do === 'poison').length;
  if (unreadable.length < sent)
    yield `${sent} unreadable messages were sent, and ${unreadable.length} are on the poison queue`;
}

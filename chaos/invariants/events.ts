import { EVENT_TYPES } from '../scenario.ts';
import type { Evidence, StoredEvent } from './evidence.ts';
import { wants } from './subscriptions.ts';

const TYPES: ReadonlySet<string> = new Set([...EVENT_TYPES, 'webhook.retry', 'webhook.exhausted']);

/** Every event that the bus took is stored once, for exactly those who wanted it, or set aside with a reason. */
export function* checkEvents(evidence: Evidence): Generator<string> {
  const { history, remains, stored } = evidence;
  const undispatched = remains.queues.Undispatched ?? [];
  const groups = Map.groupBy(
    history.accepted,
    ({ event }) => `${event.detail.account_id} ${event.detail.id}`,
  );
  for (const [name, publications] of groups) {
    const valid = publications.filter(({ event }) => TYPES.has(event['detail-type']));
    if (valid.length < publications.length && !undispatched.some((text) => text.includes('"reason"'))) {
      yield `event ${name} is of no known type, and does not lie on the undispatched queue`;
    }
    const [first] = valid;
    if (first === undefined) continue;
    const event = stored.get(name);
    if (event === undefined) {
      if (!undispatched.some((text) => text.includes(String(first.event.detail.id)))) {
        yield `event ${name} was taken by the bus and is nowhere: not stored, not undispatched`;
      }
      continue;
    }
    const same = valid.find(({ event: { detail, time, 'detail-type': type } }) => {
      const { id, created = time, data } = detail;
      return (
        JSON.stringify({ id, type, created, data }) === event.body && Date.parse(time) === event.acceptedAt
      );
    });
    if (same === undefined) yield `event ${name} is stored as nobody published it: ${event.body}`;
    yield* checkMatches(evidence, event, first.at);
  }
}

/** Whoever wanted it all the while is in the set, and nobody who never did. */
function* checkMatches(evidence: Evidence, event: StoredEvent, acceptedAt: number): Generator<string> {
  const { history } = evidence;
  const storedAt = history.storedAt.get(`${event.accountId} ${event.id}`) ?? acceptedAt;
  for (const id of history.webhookStates.keys()) {
    const states = evidence.statesOf(id, acceptedAt, storedAt);
    const isIn = event.webhookIds.includes(id);
    const isOwn = evidence.accountOf(id) === event.accountId;
    if (isIn && !isOwn)
      yield `event ${event.id} of ${event.accountId} goes to ${id}, which is another account's`;
    if (!isOwn) continue;
    if (!isIn && states.every((item) => wants(item, event.type))) {
      yield `event ${event.id} (${event.type}) leaves out ${id}, which wanted it all the while`;
    }
    if (isIn && !states.some((item) => wants(item, event.type))) {
      yield `event ${event.id} (${event.type}) goes to ${id}, which never wanted it`;
    }
  }
}

import { type FactOf, factsOf } from '../history.ts';
import { EVENT_TYPES } from '../scenario.ts';
import type { Evidence, StoredEvent } from './evidence.ts';
import { isActive, wants } from './webhook-items.ts';

const TYPES: ReadonlySet<string> = new Set([...EVENT_TYPES, 'webhook.retry', 'webhook.exhausted']);

/** Every event that the bus took is stored once, for exactly those who wanted it, or set aside with a reason. */
export function* checkEvents(evidence: Evidence): Generator<string> {
  const groups = Map.groupBy(
    evidence.accepted,
    ({ event }) => `${event.detail.account_id} ${event.detail.id}`,
  );
  for (const [name, publications] of groups) {
    const valid = publications.filter(({ event }) => TYPES.has(event['detail-type']));
    const [first] = valid;
    const isUndispatched = evidence.isUndispatched(String(publications[0]?.event.detail.id));
    if (valid.length < publications.length && !isUndispatched)
      yield `event ${name} is of no known type, and is not on the undispatched queue`;
    if (first === undefined) continue;
    const event = evidence.stored.get(name);
    if (event === undefined) {
      if (!isUndispatched && !hadNoWebhooks(evidence, String(first.event.detail.account_id), first.at))
        yield `event ${name} was taken by the bus, and is neither stored nor undispatched`;
      continue;
    }
    yield* checkConflicts(evidence, event, valid);
    const same = valid.find(({ event: { detail, time, 'detail-type': type } }) => {
      const { id, created = time, data } = detail;
      return (
        JSON.stringify({ id, type, created, data }) === event.body && Date.parse(time) === event.acceptedAt
      );
    });
    if (same === undefined)
      yield `event ${name} is stored with a body that was never published: ${event.body}`;
    yield* checkMatches(evidence, event, first.at);
  }
  yield* checkSecretsFirst(evidence);
}

/** Another type or body under an id that is taken is set aside, whole. */
function* checkConflicts(
  evidence: Evidence,
  event: StoredEvent,
  publications: readonly FactOf<'event_accepted'>[],
): Generator<string> {
  const { data } = JSON.parse(event.body);
  for (const { at, event: published } of publications) {
    const isSame =
      published['detail-type'] === event.type &&
      JSON.stringify(published.detail.data) === JSON.stringify(data);
    if (isSame || evidence.isUndispatched(published.id)) continue;
    if (!hadNoWebhooks(evidence, event.accountId, at))
      yield `event ${event.id} was published with another body, which is not on the undispatched queue`;
  }
}

/** Whether there was a moment from then on when the account had no webhook at all. */
function hadNoWebhooks(evidence: Evidence, accountId: string, from: number): boolean {
  const ids = [...evidence.webhookStates.keys()].filter((id) => evidence.accountOf(id) === accountId);
  const times = ids.flatMap((id) => (evidence.webhookStates.get(id) ?? []).map(({ at }) => at));
  return [from, ...times.filter((at) => at > from)].some((at) =>
    ids.every((id) => evidence.statesOf(id, at, at).at(-1) === undefined),
  );
}

/** A webhook that wanted it all the while is in the set, and no other is that never did. */
function* checkMatches(evidence: Evidence, event: StoredEvent, acceptedAt: number): Generator<string> {
  const storedAt = evidence.storedAt.get(`${event.accountId} ${event.id}`) ?? acceptedAt;
  for (const id of evidence.webhookStates.keys()) {
    const states = evidence.statesOf(id, acceptedAt, storedAt);
    const isIn = event.webhookIds.includes(id);
    const isOwn = evidence.accountOf(id) === event.accountId;
    if (isIn && !isOwn)
      yield `event ${event.id} of ${event.accountId} is for ${id}, which is another account's`;
    if (!isOwn) continue;
    if (!isIn && states.every((item) => wants(item, event.type)))
      yield `event ${event.id} (${event.type}) leaves out ${id}, which wanted it all the while`;
    if (isIn && !states.some((item) => wants(item, event.type)))
      yield `event ${event.id} (${event.type}) is for ${id}, which never wanted it`;
  }
}

/** A dispatcher opens the secrets before it stores an event: one that cannot sign leaves nothing to complete. */
function* checkSecretsFirst(evidence: Evidence): Generator<string> {
  const unwrapped = new Set<string>();
  for (const fact of evidence.facts) {
    if (fact.kind === 'key_unwrapped') unwrapped.add(fact.caller.name);
    if (fact.kind !== 'event_stored' || fact.caller?.role !== 'dispatch-event') continue;
    const { at, accountId, eventId, caller } = fact;
    const event = evidence.stored.get(`${accountId} ${eventId}`);
    const acceptedAt = evidence.accepted.find(({ event: { detail } }) => detail.id === eventId)?.at ?? at;
    const needsSecret = event?.webhookIds.some((id) => evidence.statesOf(id, acceptedAt, at).every(isActive));
    if (needsSecret && !unwrapped.has(caller.name))
      yield `event ${eventId} was stored by ${caller.name}, which could not have opened a secret`;
  }
}

/** How often each environment had a data key unwrapped. */
export function unwrappedBy({ facts }: Evidence): ReadonlyMap<string, number> {
  const groups = Map.groupBy(factsOf(facts, 'key_unwrapped'), ({ caller }) => caller.name);
  return new Map([...groups].map(([name, all]) => [name, all.length]));
}

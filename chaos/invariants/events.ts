import { EVENT_TYPES } from '../actions/user-action.ts';
import { type FactOf, factsOf } from '../history.ts';
import type { Evidence, StoredEvent } from './evidence.ts';
import { isActive, isSubscribedTo } from './webhook-items.ts';

const TYPES: ReadonlySet<string> = new Set([
  ...EVENT_TYPES,
  'webhook.retry',
  'webhook.exhausted',
  'webhook.warned',
  'webhook.disabled',
]);

/** Every accepted event is stored once for exactly the subscribed webhooks, or is on the undispatched queue. */
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
        yield `event ${name} was accepted by the bus, and is neither stored nor undispatched`;
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

/** An event with another type or body under a used id is on the undispatched queue. */
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

/** Whether the account had no webhook at some time since `from`. */
function hadNoWebhooks(evidence: Evidence, accountId: string, from: number): boolean {
  const ids = [...evidence.webhookStates.keys()].filter((id) => evidence.accountOf(id) === accountId);
  const times = ids.flatMap((id) => (evidence.webhookStates.get(id) ?? []).map(({ at }) => at));
  return [from, ...times.filter((at) => at > from)].some((at) =>
    ids.every((id) => evidence.statesOf(id, at, at).at(-1) === undefined),
  );
}

/** The event is for each webhook that was subscribed all the time, and for none that was never subscribed. */
function* checkMatches(evidence: Evidence, event: StoredEvent, acceptedAt: number): Generator<string> {
  const storedAt = evidence.storedAt.get(`${event.accountId} ${event.id}`) ?? acceptedAt;
  for (const id of evidence.webhookStates.keys()) {
    const states = evidence.statesOf(id, acceptedAt, storedAt);
    const isIn = event.webhookIds.includes(id);
    const isOwn = evidence.accountOf(id) === event.accountId;
    if (isIn && !isOwn)
      yield `event ${event.id} of ${event.accountId} is for ${id}, which is another account's`;
    if (!isOwn) continue;
    if (!isIn && states.every((item) => isSubscribedTo(item, event.type)))
      yield `event ${event.id} (${event.type}) is not for ${id}, which was subscribed to it all the time`;
    if (isIn && !states.some((item) => isSubscribedTo(item, event.type)))
      yield `event ${event.id} (${event.type}) is for ${id}, which was never subscribed to it`;
  }
}

/** A dispatcher decrypts the secrets before it stores an event: if it cannot sign, nothing is stored. */
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
      yield `event ${eventId} was stored by ${caller.name}, which could not have decrypted a secret`;
  }
}

/** How many times each environment had a data key unwrapped. */
export function unwrappedBy({ facts }: Evidence): ReadonlyMap<string, number> {
  const groups = Map.groupBy(factsOf(facts, 'key_unwrapped'), ({ caller }) => caller.name);
  return new Map([...groups].map(([name, all]) => [name, all.length]));
}

import {
  deliveryIdOf,
  parseAccountId,
  parseEventId,
  parseWebhookId,
  repeatedDeliveryId,
} from '../../lambdas/shared/domain/ids.ts';
import { isAffected, type NamedDelivery } from '../affected-deliveries.ts';
import type { FactOf, Item } from '../history.ts';
import { MAX_ATTEMPTS } from './contract.ts';
import type { Evidence, State, StoredEvent } from './evidence.ts';
import { type Consequences, consequencesOf } from './excuses.ts';
import type { Post } from './posted.ts';
import { verificationIn } from './webhook-items.ts';

/** A fault that affected a delivery, with what it can have done to it. */
export interface FeltFault extends Consequences {
  readonly fact: FactOf<'fault'>;
}

/** One event, test or challenge for one webhook. Each redrive makes a new delivery of it. */
export interface Line extends NamedDelivery {
  readonly kind: 'event' | 'test' | 'challenge';
  /** Absent for a challenge. */
  readonly event?: StoredEvent;
  /** Whether it must end: not a challenge, which another may replace, nor a test that the API did not accept. */
  readonly isPromised: boolean;
  /** From when on it could be sent. */
  readonly acceptedAt: number;
  readonly maxAttempts: number;
  readonly deliveries: readonly Delivery[];
  readonly posts: readonly Post[];
  readonly faults: readonly FeltFault[];
}

export interface Delivery {
  readonly id: string;
  readonly record: Item | undefined;
  readonly states: readonly State[];
  readonly posts: readonly Post[];
  readonly isOnPoison: boolean;
  readonly isRedriven: boolean;
  /** The delivery that was redriven into this one. */
  readonly resendOf: string | undefined;
  /** Messages on the exhausted queue. */
  readonly exhausted: readonly string[];
}

/** All that was to be delivered: of events that the bus took, of tests, and of challenges. */
export function linesOf(evidence: Evidence): Line[] {
  const ofEvents = [...evidence.stored.values()].flatMap((event) => {
    const isTest = !evidence.accepted.some(({ event: { detail } }) => detail.id === event.id);
    return event.webhookIds.map((webhookId) =>
      lineOf(evidence, {
        ...event,
        kind: isTest ? 'test' : 'event',
        eventId: event.id,
        webhookId,
        event,
        isPromised: !isTest || evidence.tests.has(event.id),
        maxAttempts: isAbout(evidence, event, webhookId) ? 1 : MAX_ATTEMPTS,
      }),
    );
  });
  return [...ofEvents, ...challengesOf(evidence)];
}

function challengesOf(evidence: Evidence): Line[] {
  const lines = new Map<string, Line>();
  for (const [webhookId, states] of evidence.webhookStates) {
    for (const { item } of states) {
      const verification = verificationIn(item);
      const accountId = evidence.accountOf(webhookId);
      if (verification === undefined || accountId === undefined || lines.has(verification.id)) continue;
      const { id: eventId, startedAt: acceptedAt } = verification;
      const of = { accountId, eventId, webhookId, acceptedAt, maxAttempts: MAX_ATTEMPTS };
      lines.set(eventId, lineOf(evidence, { ...of, kind: 'challenge', isPromised: false }));
    }
  }
  return [...lines.values()];
}

type LineStart = Omit<Line, 'deliveryIds' | 'deliveries' | 'posts' | 'faults'>;

function lineOf(evidence: Evidence, start: LineStart): Line {
  const deliveryIds = idsOf(evidence, start);
  const deliveries = deliveryIds.map((id, index) => deliveryOf(evidence, id, deliveryIds[index - 1]));
  const posts = deliveries.flatMap((delivery) => delivery.posts);
  const line = { ...start, deliveryIds, deliveries, posts };
  return { ...line, faults: faultsOf(evidence, line) };
}

function deliveryOf(evidence: Evidence, id: string, resendOf: string | undefined): Delivery {
  return {
    id,
    resendOf,
    record: evidence.records.get(id),
    states: evidence.recordStates.get(id) ?? [],
    posts: evidence.postsOf.get(id) ?? [],
    // A redriven message has its old delivery's id until it is read.
    isOnPoison: evidence.isOnPoison(id) || (resendOf !== undefined && evidence.isOnPoison(resendOf)),
    isRedriven: evidence.redriven.has(id),
    exhausted: evidence.exhausted.get(id) ?? [],
  };
}

/** The delivery's id, and what it became each time it was redriven. */
function idsOf(
  { redriven }: Evidence,
  of: Pick<Line, 'accountId' | 'eventId' | 'webhookId' | 'acceptedAt'>,
): string[] {
  let last = deliveryIdOf({
    accountId: valid(parseAccountId(of.accountId)),
    eventId: valid(parseEventId(of.eventId)),
    webhookId: valid(parseWebhookId(of.webhookId)),
    acceptedAt: of.acceptedAt,
  });
  const ids = [last];
  while (redriven.has(last)) {
    last = repeatedDeliveryId(last);
    ids.push(last);
  }
  return ids.map(String);
}

function faultsOf(evidence: Evidence, line: Omit<Line, 'faults'>): FeltFault[] {
  const felt = evidence.faults
    .filter(({ affected }) => isAffected(line, affected))
    // What the API does with a webhook matters to challenges and tests alone.
    .filter(({ caller }) => caller?.role !== 'serve-api' || line.kind !== 'event')
    .map((fact) => ({ fact, ...consequencesOf(fact, tookEffect(evidence, line, fact)) }));
  const publications = evidence.accepted.filter(
    ({ event: { detail } }) => detail.id === line.eventId && detail.account_id === line.accountId,
  );
  const again = publications.slice(1).map(({ at }): FeltFault => {
    const fact = { at, kind: 'fault', fault: { kind: 'published_again' }, affected: [] } as const;
    return { fact, ...consequencesOf(fact, false) };
  });
  return [...felt, ...again].sort((one, other) => one.fact.at - other.fact.at);
}

/** Whether the run that a fault met made a request of this delivery or enqueued a message of it. */
function tookEffect(
  { enqueuedBy }: Evidence,
  line: Omit<Line, 'faults'>,
  { caller, at }: FactOf<'fault'>,
): boolean {
  if (caller?.run === undefined) return false;
  const isOpen = (post: Post): boolean =>
    post.caller?.name === caller.name &&
    post.at <= at &&
    (post.read === undefined || post.read.caller.run === caller.run);
  return (
    line.posts.some((post) => post.caller?.run === caller.run || isOpen(post)) ||
    (enqueuedBy.get(caller.run) ?? []).some(({ name }) => isAffected(line, [name]))
  );
}

/** A system event about the very webhook that receives it is tried once. */
function isAbout({ accepted }: Evidence, event: StoredEvent, webhookId: string): boolean {
  return accepted.some(
    ({ event: { detail } }) => detail.id === event.id && detail.about_webhook_id === webhookId,
  );
}

function valid<T>(id: T | undefined): T {
  if (id === undefined) throw new Error('a table holds an invalid id');
  return id;
}

export function describeLine({ eventId, webhookId, deliveryIds }: NamedDelivery): string {
  return `${eventId} to ${webhookId} (${deliveryIds.join(', ')})`;
}

import {
  deliveryIdOf,
  parseAccountId,
  parseEventId,
  parseWebhookId,
  redrivenDeliveryId,
} from '../../lambdas/shared/domain/ids.ts';
import { isAffected, type NamedDelivery } from '../affected-deliveries.ts';
import type { FactOf, Item } from '../history.ts';
import type { Evidence, State, StoredEvent } from './evidence.ts';
import { type Consequences, consequencesOf } from './excuses.ts';
import type { Post } from './post.ts';
import { MAX_ATTEMPTS } from './published-limits.ts';
import { verificationIn } from './webhook-items.ts';

/** A fault that affected a delivery, with its possible consequences. */
export interface RelevantFault extends Consequences {
  readonly fact: FactOf<'fault'>;
}

/** The deliveries of one event, test or challenge to one webhook: the first one, and one more for each redrive. */
export interface DeliveryChain extends NamedDelivery {
  readonly kind: 'event' | 'test' | 'challenge';
  /** Absent for a challenge. */
  readonly event?: StoredEvent;
  /** Whether it must end. Not a challenge, which another can replace, and not a test that the API did not accept. */
  readonly mustEnd: boolean;
  /** When the event was accepted or the challenge started. */
  readonly acceptedAt: number;
  readonly maxAttempts: number;
  readonly deliveries: readonly Delivery[];
  readonly posts: readonly Post[];
  readonly faults: readonly RelevantFault[];
}

export interface Delivery {
  readonly id: string;
  readonly record: Item | undefined;
  readonly states: readonly State[];
  readonly posts: readonly Post[];
  readonly isOnPoison: boolean;
  readonly isRedriven: boolean;
  /** The delivery that was redriven into this one. */
  readonly redriveOf: string | undefined;
  /** Bodies of its messages on the exhausted queue. */
  readonly exhausted: readonly string[];
}

/** Lists the chains of all events that the bus accepted, of tests, and of challenges. */
export function listChains(evidence: Evidence): DeliveryChain[] {
  const ofEvents = [...evidence.stored.values()].flatMap((event) => {
    const isTest = !evidence.accepted.some(({ event: { detail } }) => detail.id === event.id);
    return event.webhookIds.map((webhookId) =>
      chainOf(evidence, {
        ...event,
        kind: isTest ? 'test' : 'event',
        eventId: event.id,
        webhookId,
        event,
        mustEnd: !isTest || evidence.tests.has(event.id),
        maxAttempts: isAbout(evidence, event, webhookId) ? 1 : MAX_ATTEMPTS,
      }),
    );
  });
  return [...ofEvents, ...challengesOf(evidence)];
}

function challengesOf(evidence: Evidence): DeliveryChain[] {
  const chains = new Map<string, DeliveryChain>();
  for (const [webhookId, states] of evidence.webhookStates) {
    for (const { item } of states) {
      const verification = verificationIn(item);
      const accountId = evidence.accountOf(webhookId);
      if (verification === undefined || accountId === undefined || chains.has(verification.id)) continue;
      const { id: eventId, startedAt: acceptedAt } = verification;
      const of = { accountId, eventId, webhookId, acceptedAt, maxAttempts: MAX_ATTEMPTS };
      chains.set(eventId, chainOf(evidence, { ...of, kind: 'challenge', mustEnd: false }));
    }
  }
  return [...chains.values()];
}

type ChainStart = Omit<DeliveryChain, 'deliveryIds' | 'deliveries' | 'posts' | 'faults'>;

function chainOf(evidence: Evidence, start: ChainStart): DeliveryChain {
  const deliveryIds = idsOf(evidence, start);
  const deliveries = deliveryIds.map((id, index) => deliveryOf(evidence, id, deliveryIds[index - 1]));
  const posts = deliveries.flatMap((delivery) => delivery.posts);
  const chain = { ...start, deliveryIds, deliveries, posts };
  return { ...chain, faults: faultsOf(evidence, chain) };
}

function deliveryOf(evidence: Evidence, id: string, redriveOf: string | undefined): Delivery {
  return {
    id,
    redriveOf,
    record: evidence.records.get(id),
    states: evidence.recordStates.get(id) ?? [],
    posts: evidence.postsOf.get(id) ?? [],
    // A redriven message has the old delivery's id until a sender reads it.
    isOnPoison: evidence.isOnPoison(id) || (redriveOf !== undefined && evidence.isOnPoison(redriveOf)),
    isRedriven: evidence.redriven.has(id),
    exhausted: evidence.exhausted.get(id) ?? [],
  };
}

/** The id of the first delivery, and the id after each redrive. */
function idsOf(
  { redriven }: Evidence,
  of: Pick<DeliveryChain, 'accountId' | 'eventId' | 'webhookId' | 'acceptedAt'>,
): string[] {
  let last = deliveryIdOf({
    accountId: valid(parseAccountId(of.accountId)),
    eventId: valid(parseEventId(of.eventId)),
    webhookId: valid(parseWebhookId(of.webhookId)),
    acceptedAt: of.acceptedAt,
  });
  const ids = [last];
  while (redriven.has(last)) {
    last = redrivenDeliveryId(last);
    ids.push(last);
  }
  return ids.map(String);
}

function faultsOf(evidence: Evidence, chain: Omit<DeliveryChain, 'faults'>): RelevantFault[] {
  const relevant = evidence.faults
    .filter(({ affected }) => isAffected(chain, affected))
    // Faults of the API affect only challenges and tests.
    .filter(({ caller }) => caller?.role !== 'serve-api' || chain.kind !== 'event')
    .map((fact) => ({ fact, ...consequencesOf(fact, tookEffect(evidence, chain, fact)) }));
  const publications = evidence.accepted.filter(
    ({ event: { detail } }) => detail.id === chain.eventId && detail.account_id === chain.accountId,
  );
  const again = publications.slice(1).map(({ at }): RelevantFault => {
    const fact = { at, kind: 'fault', fault: { kind: 'published_again' }, affected: [] } as const;
    return { fact, ...consequencesOf(fact, false) };
  });
  return [...relevant, ...again].sort((one, other) => one.fact.at - other.fact.at);
}

/** Whether the faulty run made a request of this delivery or enqueued a message of it. */
function tookEffect(
  { enqueuedBy }: Evidence,
  chain: Omit<DeliveryChain, 'faults'>,
  { caller, at }: FactOf<'fault'>,
): boolean {
  if (caller?.run === undefined) return false;
  const isOpen = (post: Post): boolean =>
    post.caller?.name === caller.name &&
    post.at <= at &&
    (post.read === undefined || post.read.caller.run === caller.run);
  return (
    chain.posts.some((post) => post.caller?.run === caller.run || isOpen(post)) ||
    (enqueuedBy.get(caller.run) ?? []).some(({ name }) => isAffected(chain, [name]))
  );
}

/** Whether the event is about the webhook that receives it: such an event is tried once. */
function isAbout({ accepted }: Evidence, event: StoredEvent, webhookId: string): boolean {
  return accepted.some(
    ({ event: { detail } }) => detail.id === event.id && detail.about_webhook_id === webhookId,
  );
}

function valid<T>(id: T | undefined): T {
  if (id === undefined) throw new Error('a table contains an invalid id');
  return id;
}

export function describeChain({ eventId, webhookId, deliveryIds }: NamedDelivery): string {
  return `${eventId} to ${webhookId} (${deliveryIds.join(', ')})`;
}

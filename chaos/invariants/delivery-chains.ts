import {
  deliveryIdOf,
  parseAccountId,
  parseDeliveryId,
  parseEventId,
  parseWebhookId,
  repeatedDeliveryId,
} from '../../lambdas/shared/domain/ids.ts';
import { countAffected, isAffected, type NamedDelivery } from '../affected-deliveries.ts';
import type { FactOf, Item } from '../history.ts';
import type { Evidence, State, StoredEvent } from './evidence.ts';
import { type Consequences, consequencesOf } from './excuses.ts';
import type { Post } from './post.ts';
import { MAX_ATTEMPTS } from './published-limits.ts';
import { verificationIn } from './webhook-items.ts';

/** A fault that affected a delivery, with its possible consequences. */
export interface RelevantFault extends Consequences {
  readonly fact: FactOf<'fault'>;
  /** How many deliveries of the chain it affected, at least one: a batch may contain two that repeat each other. */
  readonly deliveries: number;
}

/** The deliveries of one event, test or challenge to one webhook: the first one, and one more for each repeat. */
export interface DeliveryChain extends NamedDelivery {
  readonly kind: 'event' | 'test' | 'challenge';
  /** Absent for a challenge. */
  readonly event?: StoredEvent;
  /**
   * Whether it must end. False for a challenge, which another one can replace, and for a test that the API did not
   * accept.
   */
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
  /** The delivery that this one repeats. */
  readonly resendOf: string | undefined;
  /** Whether a customer requested this resend. All other repeats are of a held or exhausted delivery. */
  readonly isResent: boolean;
  /**
   * Messages beyond the first one that a resend, recoveries and a redrive enqueued: these do not exclude each other.
   * Their copies make no request twice, but each may enqueue the exhausted message again.
   */
  readonly copies: number;
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
  const repeats = repeatsOf(evidence, start);
  const deliveryIds = [...repeats.keys()];
  const deliveries = [...repeats].map(([id, repeat]) => deliveryOf(evidence, id, repeat));
  const posts = deliveries.flatMap((delivery) => delivery.posts);
  const chain = { ...start, deliveryIds, deliveries, posts };
  return { ...chain, faults: faultsOf(evidence, chain) };
}

function deliveryOf(
  evidence: Evidence,
  id: string,
  { resendOf, isResent }: Pick<Delivery, 'resendOf' | 'isResent'>,
): Delivery {
  const isOfRedrive = resendOf !== undefined && evidence.redriven.has(resendOf);
  return {
    id,
    copies: Math.max(0, (evidence.timesStarted.get(id) ?? 0) + (isOfRedrive ? 1 : 0) - 1),
    resendOf,
    isResent,
    record: evidence.records.get(id),
    states: evidence.recordStates.get(id) ?? [],
    posts: evidence.postsOf.get(id) ?? [],
    // A redriven message has the old delivery's id until a sender reads it.
    isOnPoison: evidence.isOnPoison(id) || (resendOf !== undefined && evidence.isOnPoison(resendOf)),
    isRedriven: evidence.redriven.has(id),
    exhausted: evidence.exhausted.get(id) ?? [],
  };
}

/** The id of the first delivery, and those of all deliveries that repeat it or each other, in that order. */
function repeatsOf(
  { redriven, enqueued, records, recordStates }: Evidence,
  of: Pick<DeliveryChain, 'accountId' | 'eventId' | 'webhookId' | 'acceptedAt'>,
): Map<string, Pick<Delivery, 'resendOf' | 'isResent'>> {
  const first = deliveryIdOf({
    accountId: valid(parseAccountId(of.accountId)),
    eventId: valid(parseEventId(of.eventId)),
    webhookId: valid(parseWebhookId(of.webhookId)),
    acceptedAt: of.acceptedAt,
  });
  const repeats = new Map([[String(first), { resendOf: undefined as string | undefined, isResent: false }]]);
  // A map also visits the entries that are added meanwhile.
  for (const id of repeats.keys()) {
    const repeat = String(repeatedDeliveryId(valid(parseDeliveryId(id))));
    const isRepeated = redriven.has(id) || enqueued.has(repeat) || records.has(repeat);
    if (isRepeated) repeats.set(repeat, { resendOf: id, isResent: false });
    for (const { item } of recordStates.get(id) ?? []) {
      const as = item?.resent_as;
      if (typeof as === 'string' && !repeats.has(as))
        repeats.set(as, { resendOf: id, isResent: as !== repeat });
    }
  }
  return repeats;
}

function faultsOf(evidence: Evidence, chain: Omit<DeliveryChain, 'faults'>): RelevantFault[] {
  const relevant = evidence.faults
    .filter(({ affected }) => isAffected(chain, affected))
    // Faults of the API affect only challenges, tests and resends.
    .filter(
      ({ caller }) =>
        caller?.role !== 'serve-api' ||
        chain.kind !== 'event' ||
        chain.deliveries.some(({ isResent }) => isResent),
    )
    .map((fact) => ({
      fact,
      deliveries: countAffected(chain, fact.affected),
      ...consequencesOf(fact, tookEffect(evidence, chain, fact)),
    }));
  const publications = evidence.accepted.filter(
    ({ event: { detail } }) => detail.id === chain.eventId && detail.account_id === chain.accountId,
  );
  const again = publications.slice(1).map(({ at }): RelevantFault => {
    const fact = { at, kind: 'fault', fault: { kind: 'published_again' }, affected: [] } as const;
    return { fact, deliveries: 1, ...consequencesOf(fact, false) };
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

/** Whether the event is about the webhook that receives it: such an event is sent once, without retries. */
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

import type { StoredEvent } from '../shared/domain/event.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { Counters } from '../shared/runtime/observability.ts';
import { type Deliveries, type DeliveryDeps, makeDeliveries } from './make-deliveries.ts';
import type { AcceptedEvent } from './parse-event.ts';
import type { DispatchPorts } from './ports.ts';
import { type Account, isActive } from './read-accounts.ts';
import { findStored, type Storing, storeEvent } from './store-event.ts';

/** An event that can be dispatched, and what it needs. */
export interface Work {
  /** Its position in the batch. */
  readonly index: number;
  /** The event as it was received. */
  readonly text: string;
  /** From 1: how often SQS has handed it out. */
  readonly receiveCount: number;
  readonly accepted: AcceptedEvent;
  readonly account: Account;
  /** Webhooks that are verified and subscribe to its type. */
  readonly matching: readonly Webhook[];
}

export type Prepared =
  | ({ readonly kind: 'deliver' } & Deliveries)
  | { readonly kind: 'nothing_to_do' }
  | { readonly kind: 'set_aside'; readonly reason: string };

export interface PrepareDeps extends DeliveryDeps {
  readonly ports: DispatchPorts;
  readonly clock: Clock;
  readonly counters: Counters;
}

/** Stores the event and signs its deliveries. Throws when our own side fails. */
export async function prepareEvent(deps: PrepareDeps, work: Work): Promise<Prepared> {
  const { account, accepted, matching } = work;
  // Before anything is stored: a first run that cannot sign must leave nothing to complete.
  await Promise.all(matching.filter(isActive).map(account.openSecrets));
  const storing = await storeOrFind(deps, work);
  if (storing === undefined) {
    deps.counters.count('unmatched');
    return { kind: 'nothing_to_do' };
  }
  if (storing.kind === 'conflict') {
    deps.counters.count('event_id_conflict');
    return { kind: 'set_aside', reason: conflictReason(storing.first) };
  }
  if (storing.rerun) deps.counters.count('event_rerun');
  const { aboutWebhookId } = accepted;
  const of = { ...storing, ...(aboutWebhookId === undefined ? {} : { aboutWebhookId }) };
  return { kind: 'deliver', ...(await makeDeliveries(deps, account, of)) };
}

/** Undefined for an account without any webhook: nothing is to be delivered, and nothing is stored. */
async function storeOrFind({ ports, clock }: PrepareDeps, work: Work): Promise<Storing | undefined> {
  const { account, accepted, matching, receiveCount } = work;
  if (account.webhooks.length + account.unreadable > 0) {
    return storeEvent(
      ports,
      accepted,
      matching.map(({ id }) => id),
      clock.now(),
    );
  }
  // An earlier run may have stored it, before the webhooks were deleted: their deliveries end as canceled.
  return receiveCount > 1 ? findStored(ports, accepted, clock.now()) : undefined;
}

function conflictReason({ busEventId }: StoredEvent): string {
  return `another event was published under this id before (bus event ${busEventId}) and stays; publish this one under an id of its own`;
}

import type { StoredEvent } from '../shared/domain/event.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { Counters } from '../shared/runtime/observability.ts';
import { allEnded } from '../shared/runtime/parallel.ts';
import type { DataProblem } from './check-data.ts';
import { type Deliveries, type DeliveryDeps, makeDeliveries } from './make-deliveries.ts';
import type { AcceptedEvent } from './parse-event.ts';
import type { DispatchPorts } from './ports.ts';
import { type Account, isActive } from './read-accounts.ts';
import { findStored, type StoreResult, storeEvent } from './store-event.ts';

/** An event that can be dispatched, with its account and its webhooks. */
export interface MatchedEvent {
  /** Its position in the batch. */
  readonly index: number;
  /** The event as it was received. */
  readonly text: string;
  /** 1 at the first receipt. */
  readonly receiveCount: number;
  readonly accepted: AcceptedEvent;
  readonly account: Account;
  /** Why the event's data is not as the catalogue describes it. The event is dispatched nevertheless. */
  readonly problem?: DataProblem;
  /** The account's webhooks that are verified and subscribe to the event's type. */
  readonly matching: readonly Webhook[];
}

export type Prepared =
  | ({ readonly kind: 'deliver'; readonly stored: StoredEvent } & Deliveries)
  /** The account has no webhook. */
  | { readonly kind: 'unmatched' }
  /** The event must be sent to the undispatched queue. */
  | { readonly kind: 'refuse'; readonly reason: string };

export interface PrepareDeps extends DeliveryDeps {
  readonly ports: DispatchPorts;
  readonly clock: Clock;
  readonly counters: Counters;
}

/** Stores the event and signs its deliveries. Throws when our own side fails. */
export async function prepareEvent(deps: PrepareDeps, matched: MatchedEvent): Promise<Prepared> {
  const { account, accepted, matching } = matched;
  // Secrets are opened before anything is stored, so that a first run that cannot sign stores nothing.
  await allEnded(matching.filter(isActive).map(account.openSecrets));
  const stored = await storeOrFind(deps, matched);
  if (stored === undefined) return { kind: 'unmatched' };
  if (stored.kind === 'conflict') {
    deps.counters.count('event_id_conflict');
    return { kind: 'refuse', reason: conflictReason(stored.existing) };
  }
  if (stored.rerun) deps.counters.count('event_rerun');
  const { aboutWebhookId } = accepted;
  const source = { ...stored, ...(aboutWebhookId === undefined ? {} : { aboutWebhookId }) };
  return { kind: 'deliver', stored: stored.stored, ...(await makeDeliveries(deps, account, source)) };
}

/** Returns undefined for an account without any webhook: nothing is delivered, and nothing is stored. */
async function storeOrFind(
  { ports, clock }: PrepareDeps,
  matched: MatchedEvent,
): Promise<StoreResult | undefined> {
  const { account, accepted, matching, receiveCount } = matched;
  if (account.webhooks.length + account.unreadable.length > 0) {
    return storeEvent(
      ports,
      accepted,
      matching.map(({ id }) => id),
      clock.now(),
    );
  }
  // An earlier run may have stored it before the webhooks were deleted. Then their deliveries end as canceled.
  return receiveCount > 1 ? findStored(ports, accepted, clock.now()) : undefined;
}

function conflictReason({ busEventId }: StoredEvent): string {
  return `another event was published under this id before (bus event ${busEventId}) and is kept; publish this one under a different id`;
}

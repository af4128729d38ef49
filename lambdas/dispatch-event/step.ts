import { isSystemEventType, SYSTEM_EVENT_TYPES } from '../shared/domain/catalogue.ts';
import type { DeliveryMessage } from '../shared/domain/delivery.ts';
import { type StoredEvent, serializeBody } from '../shared/domain/event.ts';
import { deliveryIdOf, type WebhookId } from '../shared/domain/ids.ts';
import { maxAttempts } from '../shared/domain/schedule.ts';
import { subscribesTo } from '../shared/domain/subscription.ts';
import { SECRET_UNREADABLE, type Webhook } from '../shared/domain/webhook.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { FirstAttempt } from '../shared/runtime/lanes.ts';
import { type LiveSecrets, openLiveSecrets } from '../shared/runtime/live-secrets.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import { inParallel } from '../shared/runtime/parallel.ts';
import { sign } from '../shared/wire/sign.ts';
import { type AcceptedEvent, type KnownEvents, parseEvent } from './parse-event.ts';
import type { DispatchPorts, UntriedDelivery } from './ports.ts';
import { undispatchedEntry } from './undispatched.ts';

/** Records of deliveries that will not be tried, written at once. */
const MAX_PARALLEL_WRITES = 16;

export interface DispatchDeps extends KnownEvents {
  readonly ports: DispatchPorts;
  readonly retryDelaysSeconds: readonly number[];
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}

/**
 * - `dispatched`: a delivery is on its lane, or a record says why not, for every webhook that matched
 * - `refused`: it can never be dispatched, and lies on the undispatched queue with the reason
 */
export type Dispatched =
  | { readonly kind: 'dispatched'; readonly deliveries: number; readonly rerun: boolean }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Turns one event into deliveries. Throws when our own side fails, at any point: the next run of the same
 * event finds what is stored and completes it, with the same delivery ids.
 */
export async function dispatchEvent(deps: DispatchDeps, raw: unknown): Promise<Dispatched> {
  const parsed = parseEvent(raw, deps, deps.clock.now());
  if (!parsed.ok) return refuse(deps, raw, parsed.reason);
  const { accepted } = parsed;
  const { accountId, type } = accepted.event;

  // A message is as fresh as what is known of its webhook, not as its signature: it may be made much later, by a
  // run that was frozen in between.
  const signedAt = deps.clock.now();
  const { webhooks, unreadable } = await deps.ports.listWebhooks(accountId);
  if (unreadable > 0) {
    deps.counters.count('webhook_unreadable', unreadable);
    deps.log.error('webhooks of an account cannot be read and receive nothing', {
      account_id: accountId,
      unreadable,
    });
  }
  const matching = webhooks.filter(({ verified, events }) => verified && subscribesTo(events, type));
  const secretsOf = createSecretsCache(deps);
  // Before anything is stored: a first run that cannot sign leaves nothing to complete.
  await Promise.all(matching.filter(isActive).map(secretsOf));

  const { stored, rerun } = await storeOnce(deps, accepted, matching);
  const wanted = wantedSystemEvents(type, webhooks);
  const byId = new Map(webhooks.map((webhook) => [webhook.id, webhook]));
  const attempts: FirstAttempt[] = [];
  const untried: Untried[] = [];
  for (const webhookId of stored.webhookIds) {
    const delivery = deliveryOf(stored, webhookId);
    const webhook = byId.get(webhookId);
    const why = whyUntried(webhook, unreadable);
    if (webhook === undefined || why !== undefined) {
      untried.push({ delivery, ...(why ?? DELETED) });
      continue;
    }
    const live = await secretsOf(webhook);
    if (!live.ok) {
      deps.log.error('a signing secret does not open', { webhook_id: webhookId, why: live.reason });
      untried.push({ delivery, status: 'held', reason: SECRET_UNREADABLE });
      continue;
    }
    const message: DeliveryMessage = {
      ...delivery,
      kind: 'event',
      url: webhook.url,
      body: stored.body,
      attempt: 1,
      // A failing webhook must not be told of its failures four times each.
      maxAttempts: accepted.aboutWebhookId === webhookId ? 1 : maxAttempts(deps.retryDelaysSeconds),
      signed: sign({ secrets: live.secrets, eventId: stored.id, signedAt, body: stored.body }),
      rerun,
      wantedSystemEvents: wanted,
      history: [],
    };
    attempts.push({ message, slow: webhook.slowSince !== undefined });
  }
  await Promise.all([enqueue(deps, attempts), recordUntried(deps, untried)]);
  deps.counters.count('dispatched');
  return { kind: 'dispatched', deliveries: attempts.length, rerun };
}

interface Untried {
  readonly delivery: UntriedDelivery;
  readonly status: 'held' | 'canceled';
  readonly reason: string;
}

const DELETED = { status: 'canceled', reason: 'the webhook was deleted' } as const;

/** In a run again, a webhook that matched may be missing: deleted, or one of those that cannot be read now. */
const MISSING = {
  status: 'held',
  reason: 'the webhook was deleted or cannot be read; ask the operator',
} as const;

function whyUntried(
  webhook: Webhook | undefined,
  unreadable: number,
): Pick<Untried, 'status' | 'reason'> | undefined {
  if (webhook === undefined) return unreadable > 0 ? MISSING : DELETED;
  return isActive(webhook) ? undefined : { status: 'held', reason: `the webhook is ${webhook.status}` };
}

/** The first run's event and set of webhooks, whichever run this is: the first body wins. */
async function storeOnce(
  { ports, counters, log }: DispatchDeps,
  accepted: AcceptedEvent,
  matching: readonly Webhook[],
): Promise<{ stored: StoredEvent; rerun: boolean }> {
  const { event, body, busEventId, acceptedAt } = accepted;
  const { id, accountId, type } = event;
  const mine: StoredEvent = {
    id,
    accountId,
    type,
    body,
    acceptedAt,
    busEventId,
    webhookIds: matching.map((webhook) => webhook.id),
  };
  if ((await ports.putEvent(mine)) === 'stored') return { stored: mine, rerun: false };
  const stored = await ports.getEvent(accountId, id);
  if (stored === undefined) throw new Error('the stored event expired while it was run again');
  counters.count('event_rerun');
  if (!isSameEvent(stored, accepted)) {
    counters.count('event_id_conflict');
    log.warn('another event was published under an id that is taken; the first one stands', {
      account_id: accountId,
      event_id: id,
      first_bus_event_id: stored.busEventId,
      bus_event_id: busEventId,
    });
  }
  return { stored, rerun: true };
}

/** A publisher that gives no time publishes another body each time: the bus's time is in it. */
function isSameEvent(stored: StoredEvent, { event, body, hasOwnTime }: AcceptedEvent): boolean {
  if (hasOwnTime) return stored.body === body;
  const { created } = JSON.parse(stored.body);
  return stored.body === serializeBody({ ...event, created });
}

async function enqueue({ ports }: DispatchDeps, attempts: readonly FirstAttempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const sent = await ports.enqueueFirst(attempts);
  const failed = sent.filter((answer) => !answer.ok);
  const first = failed[0];
  if (first !== undefined) {
    throw new Error(
      `${failed.length} of ${attempts.length} deliveries were not enqueued: ${first.ok ? '' : first.reason}`,
    );
  }
}

async function recordUntried({ ports, counters }: DispatchDeps, untried: readonly Untried[]): Promise<void> {
  await inParallel(untried, MAX_PARALLEL_WRITES, async ({ delivery, status, reason }) => {
    if ((await ports.recordUntried(delivery, status, reason)) === 'recorded') counters.count(status);
  });
}

async function refuse(
  { ports, counters, log }: DispatchDeps,
  raw: unknown,
  reason: string,
): Promise<Dispatched> {
  const sent = await ports.sendUndispatched(undispatchedEntry(raw, reason));
  if (!sent.ok) throw new Error(`an event that cannot be dispatched was not set aside: ${sent.reason}`);
  counters.count('undispatched');
  log.error('an event cannot be dispatched and lies on the undispatched queue', { why: reason });
  return { kind: 'refused', reason };
}

function deliveryOf(stored: StoredEvent, webhookId: WebhookId): UntriedDelivery {
  const { accountId, id: eventId, type: eventType, acceptedAt } = stored;
  const deliveryId = deliveryIdOf({ accountId, eventId, webhookId, acceptedAt });
  return { accountId, eventId, eventType, webhookId, deliveryId, acceptedAt };
}

/** System events that this event's deliveries may cause: none for a system event itself. */
function wantedSystemEvents(type: string, webhooks: readonly Webhook[]): string[] {
  if (isSystemEventType(type)) return [];
  return SYSTEM_EVENT_TYPES.filter((candidate) =>
    webhooks.some((webhook) => isActive(webhook) && subscribesTo(webhook.events, candidate)),
  );
}

function isActive(webhook: Webhook): boolean {
  return webhook.status === 'active';
}

/** Opens each webhook's live secrets once in a run. */
function createSecretsCache({ ports, clock }: DispatchDeps): (webhook: Webhook) => Promise<LiveSecrets> {
  const opened = new Map<WebhookId, Promise<LiveSecrets>>();
  return (webhook) => {
    const live = opened.get(webhook.id) ?? openLiveSecrets(webhook, ports.openSecret, clock.now());
    opened.set(webhook.id, live);
    return live;
  };
}

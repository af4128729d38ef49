import type { DisableAfter } from '../shared/domain/health.ts';
import type { DeliveryId } from '../shared/domain/ids.ts';
import type { Lane } from '../shared/domain/lane.ts';
import type { RetrySchedule } from '../shared/domain/retry-schedule.ts';
import type { SystemEvent } from '../shared/domain/system-event.ts';
import type { SuccessStatus } from '../shared/domain/webhook.ts';
import type { Poster } from '../shared/http/post.ts';
import type { Timer } from '../shared/runtime/clock.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import type { QueueEntry, Sent } from '../shared/runtime/queues.ts';
import type { OpenSecret } from '../shared/secrets/live-secrets.ts';
import type { AuditLog } from '../shared/store/audit-log.ts';
import type { DeliveryStore } from '../shared/store/deliveries.ts';
import type { DeliveryName, DeliveryState } from '../shared/store/read-delivery-states.ts';
import type { WebhookUpdates } from '../shared/store/sender-webhook-updates.ts';
import type { WebhookHealthUpdates } from '../shared/store/webhook-health.ts';
import type { RespondingHosts } from './responding-hosts.ts';
import type { SlowEndpoints } from './slow-endpoints.ts';

/** The dependencies of one execution environment of a lane, which keeps them between its batches. */
export interface SendDeps extends SendSettings {
  readonly ports: SendPorts;
  readonly slowEndpoints: SlowEndpoints;
  readonly respondingHosts: RespondingHosts;
  readonly clock: Timer;
  /** Unique for each attempt and takeover. */
  readonly newToken: () => string;
  readonly counters: Counters;
  readonly log: Log;
}

export interface SendSettings extends RetrySchedule {
  readonly lane: Lane;
  readonly success: SuccessStatus;
  /** Whether endpoints are sent the header `traceparent`. */
  readonly forwardTraceparent: boolean;
  /** The visibility timeout of the lane's queues: twice the function timeout. */
  readonly visibilityTimeoutSeconds: number;
  /** When a failing webhook is disabled. Undefined: never. */
  readonly disableAfter: DisableAfter | undefined;
}

/** The systems that this function calls. A port that throws means that our own side failed. */
export interface SendPorts {
  readonly http: Pick<Poster, 'post' | 'endBatch'>;
  /** The current webhooks and delivery records, from one strongly consistent read. */
  readStates(deliveries: readonly DeliveryName[]): Promise<ReadonlyMap<DeliveryId, DeliveryState>>;
  readonly openSecret: OpenSecret;
  readonly records: Pick<
    DeliveryStore,
    'putDelivered' | 'recordSuccess' | 'recordFailure' | 'recordEnd' | 'takeOver' | 'claim' | 'markResent'
  >;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly webhooks: WebhookUpdates;
  readonly webhookHealth: WebhookHealthUpdates;
  readonly queues: Queues;
  /** Resolves to whether the bus accepted the event; never throws. */
  publish(event: SystemEvent): Promise<Sent>;
}

/** The senders return one result for each entry, in their order. None of these functions throws. */
export interface Queues {
  /** Sends to the queue of the retry after attempt n. */
  retry(attempt: number, entries: readonly QueueEntry[]): Promise<readonly Sent[]>;
  /** Sends to the queue of the retries that wait in no queue of their own. */
  later(entries: readonly QueueEntry[]): Promise<readonly Sent[]>;
  slow(entries: readonly QueueEntry[]): Promise<readonly Sent[]>;
  exhausted(entries: readonly QueueEntry[]): Promise<readonly Sent[]>;
  unreadable(entries: readonly QueueEntry[]): Promise<readonly Sent[]>;
  /** Makes each message visible again after `seconds`. Returns the messages for which SQS confirmed it. */
  setVisibility(
    messages: readonly { readonly message: ReceivedMessage; readonly seconds: number }[],
  ): Promise<ReadonlySet<ReceivedMessage>>;
}

/** A message as SQS delivered it. */
export interface ReceivedMessage {
  readonly id: string;
  readonly body: string;
  readonly receiptHandle: string;
  /** 1 at the first receipt. */
  readonly receiveCount: number;
  /** Milliseconds since 1970. */
  readonly firstReceivedAt: number;
  readonly queueArn: string;
}

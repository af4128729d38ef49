import type { DeliveryId } from '../shared/domain/ids.ts';
import type { Lane } from '../shared/domain/lane.ts';
import type { SystemEvent } from '../shared/domain/system-event.ts';
import type { Poster } from '../shared/http/post.ts';
import type { Timer } from '../shared/runtime/clock.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import type { QueueEntry, Sent } from '../shared/runtime/queues.ts';
import type { OpenSecret } from '../shared/secrets/live-secrets.ts';
import type { DeliveryStore } from '../shared/store/deliveries.ts';
import type { DeliveryName, DeliveryState } from '../shared/store/read-delivery-states.ts';
import type { WebhookUpdates } from '../shared/store/sender-webhook-updates.ts';
import type { SuccessStatus } from './attempt.ts';
import type { SlowEndpoints } from './slow-endpoints.ts';

/** What one execution environment of a lane keeps between its batches. */
export interface SendDeps extends SendSettings {
  readonly ports: SendPorts;
  readonly slowEndpoints: SlowEndpoints;
  readonly clock: Timer;
  /** Unique for each attempt and takeover. */
  readonly newToken: () => string;
  readonly counters: Counters;
  readonly log: Log;
}

export interface SendSettings {
  readonly lane: Lane;
  readonly retryDelaysSeconds: readonly number[];
  readonly success: SuccessStatus;
  /** Of the lane's queues; twice the function timeout. */
  readonly visibilityTimeoutSeconds: number;
}

/** The systems that this function calls. A port that throws means that our own side failed. */
export interface SendPorts {
  readonly http: Pick<Poster, 'post' | 'endBatch'>;
  /** The current webhooks and delivery records, from one strongly consistent read. */
  readStates(deliveries: readonly DeliveryName[]): Promise<ReadonlyMap<DeliveryId, DeliveryState>>;
  readonly openSecret: OpenSecret;
  readonly records: Pick<
    DeliveryStore,
    'putDelivered' | 'recordSuccess' | 'recordFailure' | 'recordEnd' | 'takeOver'
  >;
  readonly webhooks: WebhookUpdates;
  readonly queues: Queues;
  /** Resolves to whether the bus accepted the event; never throws. */
  publish(event: SystemEvent): Promise<Sent>;
}

/** The senders return one result for each entry, in their order. None of these functions throws. */
export interface Queues {
  /** Sends to the queue of the retry after attempt n. */
  retry(attempt: number, entries: readonly QueueEntry[]): Promise<readonly Sent[]>;
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

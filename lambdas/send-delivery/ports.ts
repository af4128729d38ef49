import type { Attempt, AttemptError, DeliveryRecord } from '../shared/domain/delivery.ts';
import type { AccountId, DeliveryId, EventId, WebhookId } from '../shared/domain/ids.ts';
import type { SystemEvent } from '../shared/domain/system-event.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import type { OpenSecret } from '../shared/runtime/live-secrets.ts';
import type { QueueEntry, Sent } from '../shared/runtime/queues.ts';

/** What this step needs of the world. A port that throws means that our own side failed. */
export interface SendPorts {
  /** One POST to a customer, within its own deadline; never throws. */
  post(request: PostRequest): Promise<PostResult>;
  /** Webhooks and delivery records as they are now, in one strongly consistent read. */
  readStates(wanted: readonly DeliveryName[]): Promise<ReadonlyMap<DeliveryId, DeliveryState>>;
  readonly openSecret: OpenSecret;
  readonly records: Records;
  readonly webhooks: WebhookStates;
  readonly queues: Queues;
  /** Resolves to whether the bus has the event; never throws. */
  publish(event: SystemEvent): Promise<boolean>;
}

export interface PostRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly readBody: (status: number) => 'nothing' | 'beginning' | 'all';
}

export type PostResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly location?: string;
      /** At most 16 KiB. */
      readonly body: string;
      readonly bodyCut: boolean;
      readonly durationMs: number;
      readonly reconnected: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly error: Exclude<AttemptError, 'http_status' | 'challenge_mismatch'>;
      readonly reason: string;
      readonly durationMs: number;
      readonly reconnected: boolean;
    };

export interface DeliveryName {
  readonly accountId: AccountId;
  readonly webhookId: WebhookId;
  readonly deliveryId: DeliveryId;
}

export interface DeliveryState {
  readonly webhook: Webhook | 'unreadable' | undefined;
  readonly record: DeliveryRecord | undefined;
}

export interface DeliveryHeader extends DeliveryName {
  readonly eventId: EventId;
  readonly eventType: string;
  readonly acceptedAt: number;
  readonly redriveOf?: DeliveryId;
}

export interface Records {
  putDelivered(deliveries: readonly Delivered[]): Promise<{ readonly unwritten: readonly Delivered[] }>;
  recordSuccess(delivery: DeliveryHeader, attempt: Attempt): Promise<void>;
  recordFailure(
    delivery: DeliveryHeader,
    attempt: Attempt,
    status: 'retrying' | 'exhausted',
  ): Promise<'recorded' | 'already_recorded'>;
  recordEnd(
    delivery: DeliveryHeader,
    status: 'held' | 'canceled',
    reason: string,
  ): Promise<'recorded' | 'already_ended'>;
}

/** A delivery that succeeded at its first attempt: its whole record, written in one piece. */
export interface Delivered {
  readonly delivery: DeliveryHeader;
  readonly attempt: Attempt;
}

export interface WebhookStates {
  /** True when this call made the mark: once for each transition. */
  markSlow(accountId: AccountId, webhookId: WebhookId, at: string): Promise<boolean>;
  clearSlow(accountId: AccountId, webhookId: WebhookId, markedBefore: string): Promise<boolean>;
  activate(
    accountId: AccountId,
    webhookId: WebhookId,
    verificationId: EventId,
    at: string,
  ): Promise<'activated' | 'superseded'>;
  failVerification(
    accountId: AccountId,
    webhookId: WebhookId,
    verificationId: EventId,
    reason: string,
    at: string,
  ): Promise<'recorded' | 'superseded'>;
}

/** One answer for each entry, in their order; none of them throws. */
export interface Queues {
  /** The queue that follows attempt n. */
  retry(attempt: number, entries: readonly QueueEntry[]): Promise<readonly Sent[]>;
  slow(entries: readonly QueueEntry[]): Promise<readonly Sent[]>;
  exhausted(entries: readonly QueueEntry[]): Promise<readonly Sent[]>;
  poison(entries: readonly QueueEntry[]): Promise<readonly Sent[]>;
  /** About how many messages of a source queue could be received now; 0 where it cannot be told. */
  waiting(queueArn: string): Promise<number>;
}

/** A message as SQS handed it out. */
export interface ReceivedMessage {
  readonly id: string;
  readonly body: string;
  readonly receiptHandle: string;
  /** 1 at the first receipt. */
  readonly receiveCount: number;
  readonly queueArn: string;
}

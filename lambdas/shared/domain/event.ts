import type { AccountId, EventId, WebhookId } from './ids.ts';

/** 256 KiB of UTF-8: the largest body that is sent. Leaves room for escaping in SQS's 1 MiB message. */
export const MAX_BODY_BYTES = 256 * 1024;

/** Something that happened, as its publisher described it. */
export interface DomainEvent {
  readonly id: EventId;
  readonly accountId: AccountId;
  readonly type: string;
  /** RFC 3339; the bus's time where the publisher gave none. */
  readonly created: string;
  readonly data: unknown;
}

/** An event as it is stored: once, by the first run that dispatches it. */
export interface StoredEvent {
  readonly id: EventId;
  readonly accountId: AccountId;
  readonly type: string;
  /** The JSON text that is signed and sent; serialised once and never again. */
  readonly body: string;
  /** Milliseconds since 1970: the bus's time. */
  readonly acceptedAt: number;
  readonly busEventId: string;
  /** Every webhook that matched when the event was first dispatched, disabled ones included. */
  readonly webhookIds: readonly WebhookId[];
}

/** The bytes that every webhook gets. Field order is part of the published contract. */
export function serializeBody(event: DomainEvent): string {
  return JSON.stringify({ id: event.id, type: event.type, created: event.created, data: event.data });
}

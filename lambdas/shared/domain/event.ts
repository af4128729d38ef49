import type { AccountId, EventId, WebhookId } from './ids.ts';
import type { Traceparent } from './traceparent.ts';

/** 256 KiB of UTF-8: the largest body that is sent. Escaped, it fits into SQS's largest message, 1 MiB. */
export const MAX_BODY_BYTES = 256 * 1024;

/**
 * What happens to an event whose `data` does not satisfy the schema of its type in the catalogue:
 * - `off`: events are not checked
 * - `warn`: it is reported and delivered
 * - `refuse`: it is sent to the undispatched queue
 */
export const EVENT_VALIDATIONS = ['off', 'warn', 'refuse'] as const;
export type EventValidation = (typeof EVENT_VALIDATIONS)[number];

/** An event as it was published. */
export interface DomainEvent {
  readonly id: EventId;
  readonly accountId: AccountId;
  readonly type: string;
  /** RFC 3339. The bus's time when the publisher set none. */
  readonly created: string;
  readonly data: unknown;
}

/** An event as it is stored by the first run that dispatches it. Later runs do not change it. */
export interface StoredEvent {
  readonly id: EventId;
  readonly accountId: AccountId;
  readonly type: string;
  /** The JSON text that is signed and sent. It is serialised only once. */
  readonly body: string;
  /** Milliseconds since 1970: the bus's time. */
  readonly acceptedAt: number;
  readonly busEventId: string;
  /** Every webhook that matched when the event was first dispatched, disabled ones included. */
  readonly webhookIds: readonly WebhookId[];
  /** The trace of the event, as its publisher gave it. */
  readonly traceparent?: Traceparent;
}

/** The body that every webhook receives. The order of the fields is part of the published contract. */
export function serializeBody(event: DomainEvent): string {
  return JSON.stringify({ id: event.id, type: event.type, created: event.created, data: event.data });
}

import { parseDeliveryKey, parseWebhookKey } from '../lambdas/shared/store/keys.ts';
import type { AwsCall, Json } from '../local/aws-calls.ts';
import { decodeReceiptHandle } from '../local/sqs/receipt-handle.ts';

/** One delivery or several, by what is known of them: an absent field matches all. */
export interface DeliveryName {
  readonly accountId?: string;
  readonly eventId?: string;
  readonly webhookId?: string;
  readonly deliveryId?: string;
}

/** The deliveries that a fault affected. `any`: it cannot be told which. */
export type Affected = 'any' | readonly DeliveryName[];

/** A delivery, with the ids that it has had: each redrive gives it a new one. */
export interface NamedDelivery {
  readonly accountId: string;
  readonly eventId: string;
  readonly webhookId: string;
  readonly deliveryIds: readonly string[];
}

export function isAffected(delivery: NamedDelivery, affected: Affected): boolean {
  return affected === 'any' || affected.some((name) => isNamed(delivery, name));
}

function isNamed(delivery: NamedDelivery, { accountId, eventId, webhookId, deliveryId }: DeliveryName) {
  if (accountId !== undefined && accountId !== delivery.accountId) return false;
  if (webhookId !== undefined && webhookId !== delivery.webhookId) return false;
  if (eventId !== undefined) return eventId === delivery.eventId;
  return deliveryId === undefined || delivery.deliveryIds.includes(deliveryId);
}

/** The deliveries of a function's payload: a batch of messages, a bus event, or a request for one webhook. */
export function namesInPayload(payload: unknown): DeliveryName[] {
  if (!isJson(payload)) return [];
  if (Array.isArray(payload.Records)) {
    return payload.Records.flatMap((record: unknown) => (isJson(record) ? namesInText(record.body) : []));
  }
  if (isJson(payload.pathParameters) && typeof payload.pathParameters.webhook_id === 'string') {
    return [{ webhookId: payload.pathParameters.webhook_id }];
  }
  if (isJson(payload.detail)) {
    return [{ accountId: String(payload.detail.account_id), eventId: String(payload.detail.id) }];
  }
  const message = nameInMessage(payload);
  return message === undefined ? [] : [message];
}

/** The same of the text of a queue message. */
export function namesInText(text: unknown): DeliveryName[] {
  return namesInPayload(parseJson(text));
}

/** What a queue message asks for. */
export interface MessageContent {
  readonly name: DeliveryName;
  readonly attempt: number;
  /** The token of the failed attempt that it follows. */
  readonly after?: string;
}

/** Undefined for a text that is no message of a delivery. */
export function readMessage(text: unknown): MessageContent | undefined {
  const message = parseJson(text);
  if (!isJson(message)) return undefined;
  const name = nameInMessage(message);
  if (name === undefined) return undefined;
  const after = typeof message.after === 'string' ? { after: message.after } : {};
  return { name, attempt: Number(message.attempt), ...after };
}

/** The messages of deliveries in a function's batch. */
export function messagesInPayload(payload: unknown): MessageContent[] {
  if (!isJson(payload)) return [];
  return listIn(payload.Records).flatMap(({ body }) => readMessage(body) ?? []);
}

function nameInMessage(message: Json): DeliveryName | undefined {
  if (typeof message.delivery_id !== 'string') return undefined;
  return {
    accountId: String(message.account_id),
    eventId: String(message.event_id),
    webhookId: String(message.webhook_id),
    deliveryId: message.delivery_id,
  };
}

/** Which deliveries each message concerns, by its id: a receipt handle names the message only. */
export interface MessageNames {
  set(messageId: string, names: readonly DeliveryName[]): void;
  ofReceipt(receiptHandle: unknown): readonly DeliveryName[];
}

export function createMessageNames(): MessageNames {
  const names = new Map<string, readonly DeliveryName[]>();
  return {
    set: (messageId, of) => void names.set(messageId, of),
    ofReceipt(receiptHandle) {
      const id = decodeReceiptHandle(String(receiptHandle))?.messageId;
      return (id !== undefined && names.get(id)) || [];
    },
  };
}

/** The deliveries that a call itself names; none where it names no delivery. */
export function namesInCall({ service, input }: AwsCall, messages: MessageNames): DeliveryName[] {
  switch (service) {
    case 'sqs':
      return [input, ...listIn(input.Entries)].flatMap((entry) => [
        ...namesInText(entry.MessageBody),
        ...(entry.ReceiptHandle === undefined ? [] : messages.ofReceipt(entry.ReceiptHandle)),
      ]);
    case 'dynamodb': {
      const names = keysIn(input).flatMap((key) => nameInKey(key) ?? []);
      const deliveries = names.filter(({ deliveryId, eventId }) => (deliveryId ?? eventId) !== undefined);
      // A read of states names the webhooks beside the deliveries.
      return deliveries.length > 0 ? deliveries : names;
    }
    case 'events':
      return listIn(input.Entries).flatMap(({ Detail }) => nameInSystemEvent(parseJson(Detail)) ?? []);
    default:
      return [];
  }
}

/** The keys of an item's call, in DynamoDB's typed JSON. */
function keysIn({ Key, Item, RequestItems }: Json): Json[] {
  const ofTables = Object.values(isJson(RequestItems) ? RequestItems : {}).flatMap((table) =>
    Array.isArray(table)
      ? listIn(table).map(({ PutRequest }) => (isJson(PutRequest) ? PutRequest.Item : undefined))
      : listIn(isJson(table) ? table.Keys : []),
  );
  return [Key, Item, ...ofTables].filter(isJson);
}

function nameInKey(typed: Json): DeliveryName | undefined {
  const key = { pk: textIn(typed.pk), sk: textIn(typed.sk) };
  return parseDeliveryKey(key) ?? parseWebhookKey(key) ?? parseEventKey(key);
}

export function parseEventKey({ pk }: { pk?: unknown }): { accountId: string; eventId: string } | undefined {
  const [kind, accountId, eventId] = String(pk).split('#');
  return kind === 'EVENT' && accountId !== undefined && eventId !== undefined
    ? { accountId, eventId }
    : undefined;
}

/** The delivery that a system event is about. */
function nameInSystemEvent(detail: unknown): DeliveryName | undefined {
  if (!isJson(detail) || !isJson(detail.data) || typeof detail.about_webhook_id !== 'string')
    return undefined;
  return {
    accountId: String(detail.account_id),
    eventId: String(detail.data.original_event_id),
    webhookId: detail.about_webhook_id,
  };
}

function textIn(attribute: unknown): string {
  return isJson(attribute) ? String(attribute.S) : '';
}

function listIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

export function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

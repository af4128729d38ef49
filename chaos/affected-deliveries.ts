import { parseDeliveryKey, parseWebhookKey } from '../lambdas/shared/store/keys.ts';
import type { AwsCall, Json } from '../local/aws-calls.ts';
import { decodeReceiptHandle } from '../local/sqs/receipt-handle.ts';
import { isJson, listIn, parseJson } from './json.ts';

/** Names one or more deliveries. An absent field matches all values. */
export interface DeliveryName {
  readonly accountId?: string;
  readonly eventId?: string;
  readonly webhookId?: string;
  readonly deliveryId?: string;
}

/** The deliveries that a fault affected. `any`: unknown, it may be all. */
export type Affected = 'any' | readonly DeliveryName[];

/** A delivery with all its ids: each redrive creates a new one. */
export interface NamedDelivery {
  readonly accountId: string;
  readonly eventId: string;
  readonly webhookId: string;
  readonly deliveryIds: readonly string[];
}

export function isAffected(delivery: NamedDelivery, affected: Affected): boolean {
  return affected === 'any' || affected.some((name) => isNamed(delivery, name));
}

/** How many of the ids are named. At least one, for a delivery that is affected. */
export function countAffected({ deliveryIds }: NamedDelivery, affected: Affected): number {
  if (affected === 'any') return deliveryIds.length;
  const named = new Set(affected.map(({ deliveryId }) => deliveryId));
  return Math.max(1, deliveryIds.filter((id) => named.has(id)).length);
}

function isNamed(delivery: NamedDelivery, { accountId, eventId, webhookId, deliveryId }: DeliveryName) {
  if (accountId !== undefined && accountId !== delivery.accountId) return false;
  if (webhookId !== undefined && webhookId !== delivery.webhookId) return false;
  if (eventId !== undefined) return eventId === delivery.eventId;
  return deliveryId === undefined || delivery.deliveryIds.includes(deliveryId);
}

/** The deliveries in a function's payload: a batch of messages, a bus event, or a request for one webhook. */
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

/** A queue message that requests an attempt. */
export interface MessageContent {
  readonly name: DeliveryName;
  readonly attempt: number;
  /** The token of the preceding failed attempt. */
  readonly after?: string;
}

interface TextContent {
  readonly names: readonly DeliveryName[];
  /** Undefined if the text is not a message of a delivery. */
  readonly message: MessageContent | undefined;
  readonly version: number;
}

/** Caches what was parsed: several functions read the text of each call with a message, and its body may be large. */
const contentByRecentText = new Map<unknown, TextContent>();
const MAX_RECENT_TEXTS = 50;

function contentOf(text: unknown): TextContent {
  const known = contentByRecentText.get(text);
  if (known !== undefined) return known;
  const parsed = parseJson(text);
  const content = {
    names: namesInPayload(parsed),
    message: isJson(parsed) ? messageIn(parsed) : undefined,
    version: isJson(parsed) ? Number(parsed.v) : Number.NaN,
  };
  if (contentByRecentText.size >= MAX_RECENT_TEXTS) contentByRecentText.clear();
  contentByRecentText.set(text, content);
  return content;
}

/** The deliveries in the text of a queue message. */
export function namesInText(text: unknown): readonly DeliveryName[] {
  return contentOf(text).names;
}

/** Undefined if the text is not a message of a delivery. */
export function readMessage(text: unknown): MessageContent | undefined {
  return contentOf(text).message;
}

function messageIn(parsed: Json): MessageContent | undefined {
  const name = nameInMessage(parsed);
  if (name === undefined) return undefined;
  const after = typeof parsed.after === 'string' ? { after: parsed.after } : {};
  return { name, attempt: Number(parsed.attempt), ...after };
}

/** The messages of deliveries in a function's batch. */
export function messagesInPayload(payload: unknown): MessageContent[] {
  if (!isJson(payload)) return [];
  return listIn(payload.Records).flatMap(({ body }) => readMessage(body) ?? []);
}

/** The deliveries in a function's batch whose messages have a version that its code does not read. */
export function namesOfUnknownVersion(payload: unknown, reads: readonly number[]): DeliveryName[] {
  if (!isJson(payload)) return [];
  return listIn(payload.Records).flatMap(({ body }) => {
    const { message, version } = contentOf(body);
    return message === undefined || reads.includes(version) ? [] : message.name;
  });
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

/** The deliveries of each SQS message, by message id: a receipt handle contains only that id. */
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

/** The deliveries that the input of a call names. */
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
      // A read of records also names the webhooks.
      return deliveries.length > 0 ? deliveries : names;
    }
    case 'events':
      return listIn(input.Entries).flatMap(({ Detail }) => nameInSystemEvent(parseJson(Detail)) ?? []);
    default:
      return [];
  }
}

/** The keys in the input of a DynamoDB call, as typed JSON. */
function keysIn({ Key, Item, RequestItems }: Json): Json[] {
  const ofTables = Object.values(isJson(RequestItems) ? RequestItems : {}).flatMap((table) =>
    Array.isArray(table)
      ? listIn(table).map(({ PutRequest }) => (isJson(PutRequest) ? PutRequest.Item : undefined))
      : listIn(isJson(table) ? table.Keys : []),
  );
  return [Key, Item, ...ofTables].filter(isJson);
}

/** Whether the call reads or writes the item that counts the changes of an account's webhooks. */
export function namesAccountVersion({ input }: AwsCall): boolean {
  return keysIn(input).some(({ sk }) => textIn(sk) === 'VERSION');
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

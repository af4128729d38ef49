import { asciiJson } from './ascii-json.ts';
import {
  ATTEMPT_ERRORS,
  type Attempt,
  type AttemptError,
  DELIVERY_KINDS,
  DELIVERY_TRIGGERS,
  type DeliveryKind,
  type DeliveryMessage,
  type DeliveryTrigger,
  type Signed,
} from './delivery.ts';
import { parseAccountId, parseDeliveryId, parseEventId, parseWebhookId } from './ids.ts';
import { isJsonObject } from './json-object.ts';
import { parseTraceparent } from './traceparent.ts';
import { type SealedHeaders, SUCCESS_STATUSES, type SuccessStatus } from './webhook.ts';

export const MESSAGE_VERSION = 2;

export type DecodedMessage =
  | { readonly ok: true; readonly message: DeliveryMessage }
  | {
      readonly ok: false;
      /**
       * - `unreadable`: no deployment can read it
       * - `unknown_version`: another deployment wrote it, for example during a rollback, and can read it
       */
      readonly why: 'unreadable' | 'unknown_version';
      readonly reason: string;
    };

/** Encodes a queue message. Decoding returns exactly the body that was signed. */
export function encodeMessage(message: DeliveryMessage): string {
  const fields = asciiJson({
    v: MESSAGE_VERSION,
    kind: message.kind,
    account_id: message.accountId,
    event_id: message.eventId,
    event_type: message.eventType,
    webhook_id: message.webhookId,
    delivery_id: message.deliveryId,
    accepted_at: message.acceptedAt,
    started_at: message.startedAt,
    url: message.url,
    attempt: message.attempt,
    max_attempts: message.maxAttempts,
    rerun: message.rerun || undefined,
    after: message.after,
    exhausted: message.exhausted || undefined,
    trigger: message.trigger,
    resend_of: message.resendOf,
    not_before: message.notBefore,
    failing: message.failing || undefined,
    success: message.success,
    custom_headers: message.customHeaders,
    traceparent: message.traceparent,
    signed: message.signed,
    // An older name than the property's: another deployed version of the code reads this field.
    wanted_system_events: message.subscribedSystemEvents,
    history: message.history,
  });
  return `${fields.slice(0, -1)},"body":${bodyText(message.body)}}`;
}

let lastBody = '';
let lastText = asciiJson(lastBody);

/** Encoding a large body costs more than the rest of the message, and all webhooks of an event get the same body. */
function bodyText(body: string): string {
  if (body !== lastBody) {
    lastText = asciiJson(body);
    lastBody = body;
  }
  return lastText;
}

/** Reads a queue message. The reason names the fields that are missing or invalid, never their values. */
export function decodeMessage(text: string): DecodedMessage {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return unreadable('the message is not JSON');
  }
  if (!isJsonObject(json)) return unreadable('the message is not a JSON object');
  if (parseCount(json.v) === undefined) return unreadable('the message has no version');
  if (json.v !== MESSAGE_VERSION) {
    const reason = `the message has version ${json.v}; this deployment reads version ${MESSAGE_VERSION}`;
    return { ok: false, why: 'unknown_version', reason };
  }
  const reader = new Reader(json);
  // An invalid traceparent is left out: it does not make the message unreadable.
  const traceparent = parseTraceparent(json.traceparent);
  const message: DeliveryMessage = {
    kind: reader.read('kind', parseKind),
    accountId: reader.read('account_id', parseAccountId),
    eventId: reader.read('event_id', parseEventId),
    eventType: reader.read('event_type', parseText),
    webhookId: reader.read('webhook_id', parseWebhookId),
    deliveryId: reader.read('delivery_id', parseDeliveryId),
    acceptedAt: reader.read('accepted_at', parseCount),
    url: reader.read('url', parseText),
    attempt: reader.read('attempt', parseCount),
    maxAttempts: reader.read('max_attempts', parseCount),
    rerun: json.rerun === true,
    signed: reader.read('signed', parseSigned),
    subscribedSystemEvents: reader.read('wanted_system_events', parseTexts),
    history: reader.read('history', parseHistory),
    body: reader.read('body', parseText),
    ...(json.after === undefined ? {} : { after: reader.read('after', parseText) }),
    ...(json.started_at === undefined ? {} : { startedAt: reader.read('started_at', parseCount) }),
    ...(json.exhausted === true ? { exhausted: true } : {}),
    ...(json.trigger === undefined ? {} : { trigger: reader.read('trigger', parseTrigger) }),
    ...(json.resend_of === undefined ? {} : { resendOf: reader.read('resend_of', parseDeliveryId) }),
    ...(json.not_before === undefined ? {} : { notBefore: reader.read('not_before', parseCount) }),
    ...(json.failing === true ? { failing: true } : {}),
    ...(json.success === undefined ? {} : { success: reader.read('success', parseSuccess) }),
    ...(json.custom_headers === undefined
      ? {}
      : { customHeaders: reader.read('custom_headers', parseSealedHeaders) }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  if (reader.invalidFields.length > 0)
    return unreadable(`missing or invalid: ${reader.invalidFields.join(', ')}`);
  return { ok: true, message };
}

function unreadable(reason: string): DecodedMessage {
  return { ok: false, why: 'unreadable', reason };
}

/** Collects the names of all invalid fields, so that one reason names them together. */
class Reader {
  readonly invalidFields: string[] = [];
  private readonly json: Record<string, unknown>;

  constructor(json: Record<string, unknown>) {
    this.json = json;
  }

  read<T>(field: string, parse: (value: unknown) => T | undefined): T {
    const value = parse(this.json[field]);
    if (value === undefined) this.invalidFields.push(field);
    // decodeMessage refuses a message with an invalid field, so this value is never used.
    return value as T;
  }
}

function parseText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function parseTexts(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}

function parseCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}

function parseKind(value: unknown): DeliveryKind | undefined {
  return DELIVERY_KINDS.find((kind) => kind === value);
}

function parseTrigger(value: unknown): DeliveryTrigger | undefined {
  return DELIVERY_TRIGGERS.find((trigger) => trigger === value);
}

function parseSuccess(value: unknown): SuccessStatus | undefined {
  return SUCCESS_STATUSES.find((status) => status === value);
}

function parseSealedHeaders(value: unknown): SealedHeaders | undefined {
  if (!isJsonObject(value) || !isJsonObject(value.sealed)) return undefined;
  const names = parseTexts(value.names);
  const { dataKey, sealed, createdAt } = value.sealed;
  if (names === undefined || typeof dataKey !== 'number') return undefined;
  if (typeof sealed !== 'string' || typeof createdAt !== 'string') return undefined;
  return { names, sealed: { dataKey, sealed, createdAt } };
}

function parseSigned(value: unknown): Signed | undefined {
  if (!isJsonObject(value)) return undefined;
  const { signedAt, hex, previousHex, standard } = value;
  if (typeof signedAt !== 'number' || typeof hex !== 'string' || typeof standard !== 'string')
    return undefined;
  return { signedAt, hex, standard, ...(typeof previousHex === 'string' ? { previousHex } : {}) };
}

function parseHistory(value: unknown): Attempt[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const attempts = value.map(parseAttempt);
  return attempts.every((attempt) => attempt !== undefined) ? attempts : undefined;
}

function parseAttempt(value: unknown): Attempt | undefined {
  if (!isJsonObject(value)) return undefined;
  const { number, at, durationMs, status, error, reason, excerpt, excerptCut } = value;
  if (typeof number !== 'number' || typeof at !== 'number' || typeof durationMs !== 'number')
    return undefined;
  return {
    number,
    at,
    durationMs,
    ...(typeof status === 'number' ? { status } : {}),
    ...(isAttemptError(error) ? { error } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof excerpt === 'string' ? { excerpt } : {}),
    ...(excerptCut === true ? { excerptCut } : {}),
  };
}

function isAttemptError(value: unknown): value is AttemptError {
  return (ATTEMPT_ERRORS as readonly unknown[]).includes(value);
}

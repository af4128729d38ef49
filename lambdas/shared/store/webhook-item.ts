import { parseEventId } from '../domain/ids.ts';
import {
  type SealedHeaders,
  type SealedSecret,
  SUCCESS_STATUSES,
  type Verification,
  WEBHOOK_STATUSES,
  type Webhook,
  type WebhookStatus,
} from '../domain/webhook.ts';
import { type Item, isMap, listOf, numberOf, present, textOf } from './items.ts';
import { parseWebhookKey, webhookKey } from './keys.ts';

/** The fields of a webhook that can change. */
export type WebhookFields = Omit<Webhook, 'id' | 'accountId' | 'createdAt'>;

/** The attributes in which each field is stored. */
export const WEBHOOK_ATTRIBUTES = {
  url: ['url'],
  pendingUrl: ['pending_url'],
  events: ['events'],
  description: ['description'],
  status: ['status'],
  verified: ['verified'],
  verification: ['verification_id', 'verification_url', 'verification_started_at'],
  verifiedBy: ['verified_by'],
  verificationError: ['verification_error'],
  secrets: ['secrets'],
  successStatus: ['success_status'],
  customHeaders: ['custom_headers'],
  exhaustedInRow: ['exhausted_in_row'],
  failingSince: ['failing_since'],
  warnedAt: ['warned_at'],
  countedBy: ['counted_by'],
  disabledReason: ['disabled_reason'],
  disabledAt: ['disabled_at'],
  slowSince: ['slow_since'],
  updatedAt: ['updated_at'],
} as const satisfies Record<keyof WebhookFields, readonly string[]>;

export function webhookItem(webhook: Webhook): Item {
  return {
    ...webhookKey(webhook.accountId, webhook.id),
    created_at: webhook.createdAt,
    ...webhookAttributes(webhook),
  };
}

/** The attributes of the given fields. Those of other fields are undefined. */
export function webhookAttributes(fields: Partial<WebhookFields>): Item {
  const { verification, secrets, customHeaders } = fields;
  return {
    url: fields.url,
    pending_url: fields.pendingUrl,
    events: fields.events,
    description: fields.description,
    status: fields.status,
    verified: fields.verified,
    verification_id: verification?.id,
    verification_url: verification?.url,
    verification_started_at: verification?.startedAt,
    verified_by: fields.verifiedBy,
    verification_error: fields.verificationError,
    secrets: secrets?.map(secretMap),
    success_status: fields.successStatus,
    custom_headers: customHeaders && { names: customHeaders.names, sealed: secretMap(customHeaders.sealed) },
    exhausted_in_row: fields.exhaustedInRow,
    failing_since: fields.failingSince,
    warned_at: fields.warnedAt,
    counted_by: fields.countedBy,
    disabled_reason: fields.disabledReason,
    disabled_at: fields.disabledAt,
    slow_since: fields.slowSince,
    updated_at: fields.updatedAt,
  };
}

export function secretMap(secret: SealedSecret): Item {
  return {
    data_key: secret.dataKey,
    sealed: secret.sealed,
    created_at: secret.createdAt,
    expires_at: secret.expiresAt,
    rotation: secret.rotation,
  };
}

/** Returns undefined for an incomplete or invalid item. */
export function parseWebhookItem(item: Item): Webhook | undefined {
  const key = parseWebhookKey(item);
  const url = textOf(item.url);
  const events = listOf(item.events, textOf);
  const status = parseStatus(item.status);
  const secrets = listOf(item.secrets, parseSecret);
  const createdAt = textOf(item.created_at);
  const updatedAt = textOf(item.updated_at);
  const verification = parseVerification(item);
  const customHeaders =
    item.custom_headers === undefined ? undefined : parseCustomHeaders(item.custom_headers);
  if (item.custom_headers !== undefined && customHeaders === undefined) return undefined;
  if (key === undefined || url === undefined || events === undefined || status === undefined)
    return undefined;
  if (secrets === undefined || secrets.length === 0 || verification === undefined) return undefined;
  if (createdAt === undefined || updatedAt === undefined || typeof item.verified !== 'boolean')
    return undefined;
  return {
    id: key.webhookId,
    accountId: key.accountId,
    url,
    events,
    status,
    verified: item.verified,
    secrets,
    createdAt,
    updatedAt,
    ...(verification === 'none' ? {} : { verification }),
    ...(customHeaders === undefined ? {} : { customHeaders }),
    ...present({
      pendingUrl: textOf(item.pending_url),
      description: textOf(item.description),
      verifiedBy: parseEventId(item.verified_by),
      verificationError: textOf(item.verification_error),
      successStatus: SUCCESS_STATUSES.find((known) => known === item.success_status),
      exhaustedInRow: numberOf(item.exhausted_in_row),
      failingSince: textOf(item.failing_since),
      warnedAt: textOf(item.warned_at),
      countedBy: textOf(item.counted_by),
      disabledReason: textOf(item.disabled_reason),
      disabledAt: textOf(item.disabled_at),
      slowSince: textOf(item.slow_since),
    }),
  };
}

function parseStatus(value: unknown): WebhookStatus | undefined {
  return WEBHOOK_STATUSES.find((status) => status === value);
}

/** Returns undefined when only some of its attributes are present. */
function parseVerification(item: Item): Verification | 'none' | undefined {
  if (WEBHOOK_ATTRIBUTES.verification.every((attribute) => item[attribute] === undefined)) return 'none';
  const id = parseEventId(item.verification_id);
  const url = textOf(item.verification_url);
  const startedAt = textOf(item.verification_started_at);
  if (id === undefined || url === undefined || startedAt === undefined) return undefined;
  return { id, url, startedAt };
}

function parseCustomHeaders(value: unknown): SealedHeaders | undefined {
  if (!isMap(value)) return undefined;
  const names = listOf(value.names, textOf);
  const sealed = parseSecret(value.sealed);
  return names === undefined || sealed === undefined ? undefined : { names, sealed };
}

export function parseSecret(value: unknown): SealedSecret | undefined {
  if (!isMap(value)) return undefined;
  const dataKey = numberOf(value.data_key);
  const sealed = textOf(value.sealed);
  const createdAt = textOf(value.created_at);
  if (dataKey === undefined || sealed === undefined || createdAt === undefined) return undefined;
  return {
    dataKey,
    sealed,
    createdAt,
    ...present({ expiresAt: textOf(value.expires_at), rotation: textOf(value.rotation) }),
  };
}

import { marshall } from '@aws-sdk/util-dynamodb';
import { MAX_LIST_AGE_MS } from '../lambdas/dispatch-event/read-subscribers.ts';
import { newEventId, newWebhookId, parseAccountId } from '../lambdas/shared/domain/ids.ts';
import type { Webhook } from '../lambdas/shared/domain/webhook.ts';
import { itemSize } from '../lambdas/shared/store/item-size.ts';
import { webhookItem } from '../lambdas/shared/store/webhook-item.ts';
import { CONCURRENCY } from '../lib/shared/concurrency.ts';
import { KEEP_LISTS_FROM } from '../lib/stages/dispatch-event.ts';
import { DEPLOYED } from './parameters.ts';
import type { ScaleRow } from './scale-table.ts';

/** DynamoDB: read units a second of one partition, and the bytes that one strongly consistent unit reads. */
const PARTITION_READ_UNITS = 3_000;
const READ_UNIT_BYTES = 4_096;

/**
 * A limit, and the events a second at which each load reaches the limit. Undefined for a load that never reaches it.
 */
export interface Ceiling {
  readonly name: string;
  readonly eventsPerSecond: readonly (number | undefined)[];
}

/** @param rows differ only in the share of hanging endpoints. All of their figures are proportional to the events. */
export function ceilingsOf(rows: readonly ScaleRow[]): Ceiling[] {
  const names = rows[0]?.quotas.map(({ name }) => name) ?? [];
  const ceiling = (name: string, reachedBy: (row: ScaleRow) => number): Ceiling => ({
    name,
    eventsPerSecond: rows.map((row) => {
      const times = reachedBy(row);
      return Number.isFinite(times) ? row.eventsPerSecond * times : undefined;
    }),
  });
  const quotas = names.map((name) =>
    ceiling(name, ({ quotas }) => {
      const use = quotas.find((quota) => quota.name === name);
      return use === undefined ? Number.POSITIVE_INFINITY : use.limit / use.need;
    }),
  );
  const settings = (['first', 'slow'] as const).map((lane) =>
    ceiling(
      `this deployment's ${lane} lane: ${CONCURRENCY[lane]}`,
      (row) => CONCURRENCY[lane] / row.environments[lane],
    ),
  );
  return [...settings, ...quotas].toSorted((a, b) => lowest(a) - lowest(b));
}

function lowest({ eventsPerSecond }: Ceiling): number {
  return Math.min(...eventsPerSecond.map((reached) => reached ?? Number.POSITIVE_INFINITY));
}

/** Bytes of a webhook's item with two event types, a description and a generated secret. */
export function webhookBytes(): number {
  return itemSize(marshall(webhookItem(typicalWebhook()), { removeUndefinedValues: true }));
}

/** The dispatcher has this many times the environments that its load needs on average. */
const ENVIRONMENT_HEADROOM = 2;
/** Each account's version is less than 4 KiB. */
const VERSION_READ_UNITS = 1;

/** How the dispatcher reads the webhooks of an account: all of them for each batch, or as it is deployed. */
export type ListReading = 'each batch' | 'deployed';

/**
 * Events a second of one account with this many webhooks, in batches of `batchSize` that contain only its events. Its
 * webhooks and its version are in one partition. When the list is kept, each environment in use reads it once in
 * `MAX_LIST_AGE_MS`.
 */
export function accountCeiling(webhooks: number, batchSize: number, reading: ListReading): number {
  const listUnits = Math.ceil((webhooks * webhookBytes()) / READ_UNIT_BYTES);
  const batches = (unitsOfBatch: number): number => (PARTITION_READ_UNITS / unitsOfBatch) * batchSize;
  if (reading === 'each batch' || webhooks < KEEP_LISTS_FROM) return batches(listUnits);
  const { dispatchMs, dispatchEventMs } = DEPLOYED;
  const environmentMs = (dispatchMs + batchSize * dispatchEventMs) * ENVIRONMENT_HEADROOM;
  return batches(VERSION_READ_UNITS + (listUnits * environmentMs) / MAX_LIST_AGE_MS);
}

function typicalWebhook(): Webhook {
  const accountId = parseAccountId('acct_0123456789abcdef');
  if (accountId === undefined) throw new Error('the example account id is not valid: choose another');
  const at = '2026-01-15T10:30:00.000Z';
  const sealedSecretBytes = 12 + 'whsec_'.length + 44 + 16;
  return {
    id: newWebhookId(0),
    accountId,
    url: 'https://hooks.customer-name.example/v1/incoming/webhooks',
    events: ['ppt.generation.completed', 'ppt.generation.failed'],
    description: 'Production, team of the presentations',
    status: 'active',
    verified: true,
    verifiedBy: newEventId(),
    secrets: [{ dataKey: 1, sealed: Buffer.alloc(sealedSecretBytes).toString('base64'), createdAt: at }],
    createdAt: at,
    updatedAt: at,
  };
}

import type { DeliveryRecord } from '../../shared/domain/delivery.ts';
import { type AccountId, parseWebhookId, type WebhookId } from '../../shared/domain/ids.ts';
import { isRecoverable } from '../../shared/domain/recovery.ts';
import type { DeliveryRange } from '../../shared/store/delivery-log.ts';
import type { CallDeps, CallRequest } from '../call.ts';

/** Records that one page examines. Most have less than 1 KB: 125 read units. */
const PAGE_SIZE = 500;
/** A count in an answer to a change is less exact than a dry run, so that each change stays cheap. */
const MAX_HELD_PAGES = 2;

export interface DeliveryCount {
  readonly count: number;
  /** Whether older or later deliveries were not examined. */
  readonly atLeast: boolean;
}

type CountDeps = Pick<CallDeps, 'deliveryLog' | 'clock'>;

/** A count stops after `maxPages` pages, or after the first page that ends later than `maxMs`. */
export interface CountLimits {
  readonly maxPages: number;
  readonly maxMs: number;
}

/** Counts within a bounded number of reads. */
export async function countDeliveries(
  { deliveryLog, clock }: CountDeps,
  webhook: { readonly accountId: AccountId; readonly webhookId: WebhookId },
  range: Omit<DeliveryRange, 'pageSize'>,
  isCounted: (record: DeliveryRecord) => boolean,
  { maxPages, maxMs }: CountLimits,
): Promise<DeliveryCount> {
  const startedAt = clock.now();
  let count = 0;
  let pages = 0;
  for await (const { records, last } of deliveryLog.pages(
    webhook.accountId,
    webhook.webhookId,
    { ...range, pageSize: PAGE_SIZE },
    startedAt,
  )) {
    count += records.filter(isCounted).length;
    pages += 1;
    if (last === undefined) break;
    if (pages >= maxPages || clock.now() - startedAt >= maxMs) return { count, atLeast: true };
  }
  return { count, atLeast: false };
}

/** The held deliveries of a webhook that were not repeated, among its newest 1,000. */
export async function countHeld(
  { accountId, path }: Pick<CallRequest<unknown>, 'accountId' | 'path'>,
  deps: CountDeps,
): Promise<{ readonly held: number; readonly held_at_least?: true }> {
  const webhookId = parseWebhookId(path.webhook_id);
  if (webhookId === undefined) return { held: 0 };
  const rule = { statuses: ['held'] as const, createdAt: Number.POSITIVE_INFINITY };
  const { count, atLeast } = await countDeliveries(
    deps,
    { accountId, webhookId },
    { order: 'newest_first' },
    (record) => isRecoverable(record, rule),
    { maxPages: MAX_HELD_PAGES, maxMs: 2_000 },
  );
  return { held: count, ...(atLeast ? { held_at_least: true } : {}) };
}

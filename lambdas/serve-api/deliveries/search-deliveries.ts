import type { DeliveryRecord } from '../../shared/domain/delivery.ts';
import type { AccountId, DeliveryId, WebhookId } from '../../shared/domain/ids.ts';
import type { DeliveryLog, DeliveryRange } from '../../shared/store/delivery-log.ts';

/** Reads of one call. Each returns at most 1 MB (DynamoDB's limit). */
const MAX_READS = 4;
/** Records of one read, 1,000 in one call. A record of four failures has about 3 KB. */
const RECORDS_PER_READ = 250;

export interface FoundDeliveries {
  readonly records: readonly DeliveryRecord[];
  /** The last delivery that was examined or is returned. Absent: no further ones follow. */
  readonly next?: DeliveryId;
  /** Whether the range has a record, matching or not. */
  readonly hasRecords: boolean;
}

/**
 * The first records of the range in its order that match, at most `limit`. It examines at most 1,000 records. Then it
 * returns the matching records until then, possibly none, with `next`. `now` is in milliseconds since 1970.
 */
export async function searchDeliveries(
  log: Pick<DeliveryLog, 'pages'>,
  webhook: { readonly accountId: AccountId; readonly webhookId: WebhookId },
  search: {
    readonly range: Omit<DeliveryRange, 'pageSize'>;
    /** Absent: every record matches. */
    readonly matches?: (record: DeliveryRecord) => boolean;
    readonly limit: number;
  },
  now: number,
): Promise<FoundDeliveries> {
  const { range, matches, limit } = search;
  // One more than requested: it shows whether any follow.
  const pageSize = matches === undefined ? limit + 1 : RECORDS_PER_READ;
  const found: DeliveryRecord[] = [];
  let hasRecords = false;
  let reads = 0;
  const pages = log.pages(webhook.accountId, webhook.webhookId, { ...range, pageSize }, now);
  for await (const { records, last } of pages) {
    reads++;
    hasRecords ||= records.length > 0;
    found.push(...(matches === undefined ? records : records.filter(matches)));
    const lastReturned = found[limit - 1];
    if (found.length > limit && lastReturned !== undefined) {
      return { records: found.slice(0, limit), next: lastReturned.deliveryId, hasRecords };
    }
    if (last !== undefined && reads === MAX_READS) return { records: found, next: last, hasRecords };
  }
  return { records: found, hasRecords };
}

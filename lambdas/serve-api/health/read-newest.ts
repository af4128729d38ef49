import type { DeliveryRecord } from '../../shared/domain/delivery.ts';
import { timeOfDeliveryId, type WebhookId } from '../../shared/domain/ids.ts';
import type { CallDeps, CallRequest } from '../call.ts';
import { isRecoverableNow, lastOutcome } from './summarize.ts';

/** The maximum number of records that one call reads. */
export const MAX_RECORDS = 2_000;
/** Items of one query, so that a webhook with few deliveries costs little. */
const PAGE_SIZE = 250;
/** Records that do not parse or have expired are not returned: without this limit, they would be read without end. */
const MAX_PAGES = 20;

export interface NewestRecords {
  /** Newest first, by the time of their ids. */
  readonly records: readonly DeliveryRecord[];
  /** Milliseconds since 1970: all deliveries of later events were examined. Undefined: all that are stored. */
  readonly examinedSince: number | undefined;
  /** Whether the oldest page that was read has no delivery that a recovery would repeat: then the outage began later. */
  readonly coversOutage: boolean;
}

/**
 * Reads the newest records: at most 2,000, and only as far back as needed to cover the time since `since` (milliseconds
 * since 1970), to find a success and a failure, and to reach records of which none waits for a recovery.
 */
export async function readNewest(
  { deliveryLog, clock }: Pick<CallDeps, 'deliveryLog' | 'clock'>,
  { accountId }: Pick<CallRequest<unknown>, 'accountId'>,
  webhookId: WebhookId,
  since: number,
): Promise<NewestRecords> {
  const records: DeliveryRecord[] = [];
  const range = { order: 'newest_first', pageSize: PAGE_SIZE } as const;
  let pages = 0;
  for await (const page of deliveryLog.pages(accountId, webhookId, range, clock.now())) {
    records.push(...page.records);
    pages++;
    if (page.last === undefined) return { records, examinedSince: undefined, coversOutage: true };
    const coversOutage = !page.records.some(isRecoverableNow);
    const examinedSince = timeOfDeliveryId(page.last);
    const isEnough =
      examinedSince < since &&
      coversOutage &&
      lastOutcome(records, 'success') !== undefined &&
      lastOutcome(records, 'failure') !== undefined;
    if (isEnough || records.length >= MAX_RECORDS || pages >= MAX_PAGES) {
      return { records: records.slice(0, MAX_RECORDS), examinedSince, coversOutage };
    }
  }
  return { records, examinedSince: undefined, coversOutage: true };
}

import type { DeliveryStatus } from '../shared/domain/delivery.ts';
import { repeatedDeliveryId } from '../shared/domain/ids.ts';
import { isRepeatedBy, type Recovery } from '../shared/domain/recovery.ts';
import type { RecoveryProgress } from '../shared/store/recoveries.ts';
import type { RecoverDeps } from './ports.ts';

/** Records that one count examines at most: about a minute at the highest rate. */
const MAX_RECORDS = 6_000;
const RECORDS_AT_ONCE = 100;
/** The rate is halved while a larger share of the newly counted deliveries failed, to one delivery a second. */
const MAX_FAILED_SHARE = 0.5;

/**
 * Counts the results of the repeats, in the order in which they were enqueued, until the first that has not ended. It
 * slows the recovery down when they fail.
 */
export async function countResults(
  { ports, clock }: RecoverDeps,
  recovery: Recovery,
): Promise<RecoveryProgress> {
  const { accountId, webhookId, since, until, countedTo } = recovery;
  const now = clock.now();
  let { delivered, failed, failedInRow } = recovery;
  let reached = countedTo;
  let examined = 0;
  let waiting = false;

  const range = { since, until, order: 'oldest_first' as const, pageSize: RECORDS_AT_ONCE };
  const pages = ports.log.pages(
    accountId,
    webhookId,
    countedTo === undefined ? range : { ...range, after: countedTo },
    now,
  );
  for await (const { records } of pages) {
    const repeated = records.filter((record) => isRepeatedBy(record, recovery.id));
    const results = await ports.readRecords(
      repeated.map(({ deliveryId }) => ({
        accountId,
        webhookId,
        deliveryId: repeatedDeliveryId(deliveryId),
      })),
    );
    for (const { deliveryId } of repeated) {
      const status = results.get(repeatedDeliveryId(deliveryId))?.status;
      waiting = status === undefined || status === 'retrying';
      if (waiting) break;
      if (status === 'delivered') delivered++;
      else failed++;
      failedInRow = isFailure(status) ? failedInRow + 1 : 0;
      reached = deliveryId;
    }
    examined += records.length;
    if (waiting || examined >= MAX_RECORDS) break;
  }
  const newlyFailed = failed - recovery.failed;
  const newlyEnded = newlyFailed + delivered - recovery.delivered;
  const isFailing = newlyEnded > 0 && newlyFailed / newlyEnded > MAX_FAILED_SHARE;
  return {
    delivered,
    failed,
    failedInRow,
    countedAt: now,
    ...(reached === undefined ? {} : { countedTo: reached }),
    ...(isFailing ? { rate: Math.max(1, recovery.rate / 2) } : {}),
  };
}

function isFailure(status: DeliveryStatus | undefined): boolean {
  return status !== 'delivered';
}

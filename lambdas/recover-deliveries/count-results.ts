import { isFinal } from '../shared/domain/delivery.ts';
import type { DeliveryId } from '../shared/domain/ids.ts';
import { isRepeatedBy, type Recovery } from '../shared/domain/recovery.ts';
import type { RecoveryProgress } from '../shared/store/recoveries.ts';
import type { RecoverDeps } from './ports.ts';

/**
 * The maximum number of records that one count examines, in some seconds. The next count continues after the last of
 * them.
 */
const MAX_RECORDS = 20_000;
const RECORDS_AT_ONCE = 100;
/** When a larger share of the newly counted deliveries failed, the rate is halved, down to one delivery a second. */
const MAX_FAILED_SHARE = 0.5;

/**
 * Counts the results of the repeats, in the order in which they were enqueued. It stops at the first repeat that has
 * not ended; the last count skips such repeats instead. When most repeats failed, it lowers the rate of the recovery.
 */
export async function countResults(
  { ports, clock }: RecoverDeps,
  recovery: Recovery,
  isLastCount: boolean,
): Promise<RecoveryProgress> {
  const { accountId, webhookId, since, until, countedTo, cursor } = recovery;
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
    // Deliveries after the cursor may be repeated by a later step.
    const passed = records.filter(({ deliveryId }) => cursor !== undefined && deliveryId <= cursor);
    const repeats = new Map<DeliveryId, DeliveryId>(
      passed.flatMap((record) =>
        isRepeatedBy(record, recovery.id) && record.resentAs !== undefined
          ? [[record.deliveryId, record.resentAs]]
          : [],
      ),
    );
    const results = await ports.readRecords(
      [...repeats.values()].map((deliveryId) => ({ accountId, webhookId, deliveryId })),
    );
    for (const { deliveryId } of passed) {
      const repeat = repeats.get(deliveryId);
      if (repeat !== undefined) {
        const status = results.get(repeat)?.status;
        const hasEnded = status !== undefined && isFinal(status);
        if (!hasEnded && !isLastCount) waiting = true;
        if (waiting) break;
        if (hasEnded) {
          if (status === 'delivered') delivered++;
          else failed++;
          failedInRow = status === 'delivered' ? 0 : failedInRow + 1;
        }
      }
      reached = deliveryId;
    }
    examined += records.length;
    if (waiting || passed.length < records.length || examined >= MAX_RECORDS) break;
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

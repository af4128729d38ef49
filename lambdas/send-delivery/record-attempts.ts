import type { Attempt, DeliveryMessage } from '../shared/domain/delivery.ts';
import { sleep } from '../shared/runtime/clock.ts';
import { describeError } from '../shared/runtime/errors.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import type { Delivered, DeliveryHeader, Records } from './ports.ts';
import type { Rendezvous } from './rendezvous.ts';

/** DynamoDB quota: items of one BatchWriteItem. */
const MAX_BATCH_ITEMS = 25;
/** A record is written within 200 ms of its answer; half of it is for waiting for others. */
const MAX_WAIT_MS = 100;
/** Waits before a write is tried again; after the last the record is lost, and counted. */
const RETRY_WAITS_MS = [100, 400, 1_000];

/**
 * The delivery log. Recording decides nothing about delivery: what cannot be written is tried again in
 * place, then counted as `log_lost`; no write that fails sends a delivery twice or loses one.
 */
export interface Recorder {
  /** Success at the first attempt of a fresh message: nothing was recorded before. */
  freshSuccess(delivery: DeliveryHeader, attempt: Attempt): Promise<void>;
  success(delivery: DeliveryHeader, attempt: Attempt): Promise<void>;
  /** `superseded` when another copy of the message recorded this attempt: that copy goes on. */
  failure(
    delivery: DeliveryHeader,
    attempt: Attempt,
    status: 'retrying' | 'exhausted',
  ): Promise<'goes_on' | 'superseded'>;
  end(delivery: DeliveryHeader, status: 'held' | 'canceled', reason: string): Promise<void>;
}

export function createRecorder(deps: {
  readonly records: Records;
  readonly rendezvous: Rendezvous;
  readonly counters: Counters;
  readonly log: Log;
}): Recorder {
  const { records, counters, log } = deps;

  const lost = (delivery: DeliveryHeader, why: string): void => {
    counters.count('log_lost');
    log.error('a delivery went on, but its record could not be written', {
      delivery_id: delivery.deliveryId,
      webhook_id: delivery.webhookId,
      why,
    });
  };

  const persist = async <Result>(
    delivery: DeliveryHeader,
    write: () => Promise<Result>,
  ): Promise<Result | 'lost'> => {
    let failure: unknown;
    for (const waitMs of [0, ...RETRY_WAITS_MS]) {
      if (waitMs > 0) await sleep(waitMs);
      try {
        return await write();
      } catch (error) {
        failure = error;
      }
    }
    lost(delivery, describeError(failure));
    return 'lost';
  };

  const putDelivered = async (batch: readonly Delivered[]): Promise<readonly 'settled'[]> => {
    let open = batch;
    let why = 'DynamoDB left it unprocessed';
    for (const waitMs of [0, ...RETRY_WAITS_MS]) {
      if (waitMs > 0) await sleep(waitMs);
      try {
        open = (await records.putDelivered(open)).unwritten;
      } catch (error) {
        why = describeError(error);
      }
      if (open.length === 0) break;
    }
    for (const { delivery } of open) lost(delivery, why);
    return batch.map(() => 'settled');
  };

  const joinPut = deps.rendezvous.batch<Delivered, 'settled'>({
    maxItems: MAX_BATCH_ITEMS,
    maxWaitMs: MAX_WAIT_MS,
    run: putDelivered,
  });

  return {
    async freshSuccess(delivery, attempt) {
      await joinPut({ delivery, attempt });
    },
    async success(delivery, attempt) {
      await persist(delivery, () => records.recordSuccess(delivery, attempt));
    },
    async failure(delivery, attempt, status) {
      const written = await persist(delivery, () => records.recordFailure(delivery, attempt, status));
      return written === 'already_recorded' ? 'superseded' : 'goes_on';
    },
    async end(delivery, status, reason) {
      const written = await persist(delivery, () => records.recordEnd(delivery, status, reason));
      if (written === 'recorded') counters.count(status);
    },
  };
}

export function headerOf(message: DeliveryMessage): DeliveryHeader {
  const { accountId, webhookId, deliveryId, eventId, eventType, acceptedAt, redriveOf } = message;
  return {
    accountId,
    webhookId,
    deliveryId,
    eventId,
    eventType,
    acceptedAt,
    ...(redriveOf === undefined ? {} : { redriveOf }),
  };
}

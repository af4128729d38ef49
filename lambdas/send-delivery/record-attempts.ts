import type { Attempt, DeliveryMessage } from '../shared/domain/delivery.ts';
import { type Clock, sleep } from '../shared/runtime/clock.ts';
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
/** So long before the function must be done, a success whose record is still not written is let go. */
const LET_GO_BEFORE_MS = 250;

/**
 * The delivery log. Recording decides nothing about delivery: what cannot be written is tried again in
 * place, then counted as `log_lost`; no write that fails sends a delivery twice or loses one.
 */
export interface Recorder {
  /** Success at the first attempt of a fresh message: nothing was recorded before. */
  freshSuccess(delivery: DeliveryHeader, attempt: Attempt): Promise<void>;
  success(delivery: DeliveryHeader, attempt: Attempt): Promise<void>;
  /** `superseded` when another copy of the message recorded this attempt: that copy may go on. */
  failure(
    delivery: DeliveryHeader,
    attempt: Attempt,
    status: 'retrying' | 'exhausted',
  ): Promise<'goes_on' | 'superseded'>;
  /** Nothing was sent, and the record alone says why: throws when it cannot be written. */
  end(delivery: DeliveryHeader, status: 'held' | 'canceled', reason: string): Promise<void>;
}

/** `lost`: why it could not be written. */
interface Recorded {
  readonly lost?: string;
}

const OUT_OF_TIME: Recorded = { lost: "the function's own time is up" };

export function createRecorder(deps: {
  readonly records: Records;
  readonly rendezvous: Rendezvous;
  readonly counters: Counters;
  readonly log: Log;
  readonly clock: Clock;
  /** Milliseconds since 1970 at which the function must be done. */
  readonly deadlineAt: number;
}): Recorder {
  const { records, counters, log, clock } = deps;

  const lost = (delivery: DeliveryHeader, why: string): void => {
    counters.count('log_lost');
    log.error('a delivery went on, but its record could not be written', {
      delivery_id: delivery.deliveryId,
      webhook_id: delivery.webhookId,
      why,
    });
  };

  const retry = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    let failure: unknown;
    for (const waitMs of [0, ...RETRY_WAITS_MS]) {
      if (waitMs > 0) await sleep(waitMs);
      try {
        return await write();
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };

  /** A success that is not recorded in time must not come back either: it would be sent again. */
  const letGoInTime = async (delivery: DeliveryHeader, written: Promise<Recorded>): Promise<void> => {
    const over = new AbortController();
    const leftMs = deps.deadlineAt - LET_GO_BEFORE_MS - clock.now();
    // What outlived its batch is not given back when that batch's time is up.
    const ends = leftMs > 0 ? [written, sleep(leftMs, over.signal).then(() => OUT_OF_TIME)] : [written];
    const recorded = await Promise.race(ends);
    over.abort();
    if (recorded.lost !== undefined) lost(delivery, recorded.lost);
  };

  const putDelivered = async (batch: readonly Delivered[]): Promise<readonly Recorded[]> => {
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
    return batch.map((one) => (open.includes(one) ? { lost: why } : {}));
  };

  const joinPut = deps.rendezvous.batch<Delivered, Recorded>({
    maxItems: MAX_BATCH_ITEMS,
    maxWaitMs: MAX_WAIT_MS,
    run: putDelivered,
  });

  return {
    freshSuccess: (delivery, attempt) => letGoInTime(delivery, joinPut({ delivery, attempt })),
    success: (delivery, attempt) =>
      letGoInTime(
        delivery,
        retry(() => records.recordSuccess(delivery, attempt)).then(
          () => ({}),
          (error: unknown) => ({ lost: describeError(error) }),
        ),
      ),
    async failure(delivery, attempt, status) {
      try {
        const written = await retry(() => records.recordFailure(delivery, attempt, status));
        return written === 'already_recorded' ? 'superseded' : 'goes_on';
      } catch (error) {
        lost(delivery, describeError(error));
        return 'goes_on';
      }
    },
    async end(delivery, status, reason) {
      const written = await retry(() => records.recordEnd(delivery, status, reason));
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

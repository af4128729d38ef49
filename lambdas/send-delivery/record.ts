import type { Attempt, DeliveryMessage, FailureStatus, SkippedStatus } from '../shared/domain/delivery.ts';
import { deliveryIdsOf } from '../shared/domain/delivery-ids.ts';
import type { CallBatcher } from '../shared/runtime/call-batcher.ts';
import type { Timer } from '../shared/runtime/clock.ts';
import { type ErrorFields, errorFields } from '../shared/runtime/errors.ts';
import type { Delivered, FailureDetails } from '../shared/store/deliveries.ts';
import type { DeliveryHeader } from '../shared/store/delivery-item.ts';
import type { SendDeps, SendPorts } from './ports.ts';

/** DynamoDB quota: items of one BatchWriteItem. */
const MAX_BATCH_ITEMS = 25;
/** A record is written within 200 ms of its response; half of that is for collecting other records. */
const MAX_WAIT_MS = 100;
/** Waits before a write is tried again. After the last try the record is lost, and counted. */
const RETRY_WAITS_MS = [100, 400, 1_000];

/**
 * The delivery log. Recording does not affect delivery: a failed write is tried again here, then counted as `log_lost`.
 * A failed write never causes a second POST and never loses a delivery.
 */
export interface Recorder {
  /**
   * The success of a first attempt before which no record existed. It replaces what another copy of the message
   * recorded meanwhile, since a success overwrites every other state. It is written in one call with other records.
   */
  onlyAttempt(delivery: DeliveryHeader, attempt: Attempt): Promise<void>;
  /** Any other success: it adds the attempt to the record. */
  success(delivery: DeliveryHeader, attempt: Attempt): Promise<void>;
  /**
   * `lost`: the record could not be written; the delivery continues. `superseded`: another copy of the message recorded
   * this attempt, and continues the delivery.
   */
  failure(
    delivery: DeliveryHeader,
    attempt: Attempt,
    status: FailureStatus,
    details: FailureDetails,
  ): Promise<'recorded' | 'lost' | 'superseded'>;
  /** Nothing was sent, and only the record states the reason. Throws when it cannot be written. */
  end(delivery: DeliveryHeader, status: SkippedStatus, reason: string): Promise<void>;
}

/** `lost` is the reason why a record could not be written. */
interface Recorded {
  readonly lost?: ErrorFields;
}

export function createRecorder(
  {
    ports: { records },
    clock,
    counters,
    log,
  }: Pick<SendDeps, 'clock' | 'counters' | 'log'> & { readonly ports: Pick<SendPorts, 'records'> },
  batch: {
    readonly callBatcher: CallBatcher;
    /** Resolves when the records of successes that are not yet written must be abandoned. */
    readonly writeDeadline: Promise<void>;
  },
): Recorder {
  const reportLost = (delivery: DeliveryHeader, why: ErrorFields): void => {
    counters.count('log_lost');
    log.error('the record of a delivery could not be written; the delivery continued', {
      ...deliveryIdsOf(delivery),
      ...why,
    });
  };

  const outOfTime = batch.writeDeadline.then(
    (): Recorded => ({ lost: { why: 'the function ran out of time' } }),
  );

  /** Ends in time to acknowledge the message: a success must not be sent again because its record is not written. */
  const awaitInTime = async (delivery: DeliveryHeader, written: Promise<Recorded>): Promise<void> => {
    const { lost } = await Promise.race([written, outOfTime]);
    if (lost !== undefined) reportLost(delivery, lost);
  };

  const putDelivered = async (items: readonly Delivered[]): Promise<readonly Recorded[]> => {
    let unwritten = items;
    let why: ErrorFields = { why: 'DynamoDB left it unprocessed' };
    for (const waitMs of [0, ...RETRY_WAITS_MS]) {
      if (waitMs > 0) await clock.sleep(waitMs);
      try {
        unwritten = (await records.putDelivered(unwritten)).unwritten;
      } catch (error) {
        why = errorFields(error);
      }
      if (unwritten.length === 0) break;
    }
    return items.map((item) => (unwritten.includes(item) ? { lost: why } : {}));
  };

  const putBatched = batch.callBatcher.batched<Delivered, Recorded>({
    maxItems: MAX_BATCH_ITEMS,
    maxWaitMs: MAX_WAIT_MS,
    call: putDelivered,
  });

  return {
    onlyAttempt: (delivery, attempt) => awaitInTime(delivery, putBatched({ delivery, attempt })),
    success: (delivery, attempt) => {
      const written = withRetries(clock, () => records.recordSuccess(delivery, attempt)).then(
        (): Recorded => ({}),
        (error: unknown): Recorded => ({ lost: errorFields(error) }),
      );
      return awaitInTime(delivery, written);
    },
    async failure(delivery, attempt, status, details) {
      try {
        const written = await withRetries(clock, () =>
          records.recordFailure(delivery, attempt, status, details),
        );
        return written === 'recorded' ? 'recorded' : 'superseded';
      } catch (error) {
        reportLost(delivery, errorFields(error));
        return 'lost';
      }
    },
    async end(delivery, status, reason) {
      const written = await withRetries(clock, () => records.recordEnd(delivery, status, reason));
      if (written === 'recorded') counters.count(status);
    },
  };
}

async function withRetries<Result>(clock: Timer, write: () => Promise<Result>): Promise<Result> {
  let failure: unknown;
  for (const waitMs of [0, ...RETRY_WAITS_MS]) {
    if (waitMs > 0) await clock.sleep(waitMs);
    try {
      return await write();
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

export function headerOf(message: DeliveryMessage): DeliveryHeader {
  const { accountId, webhookId, deliveryId, eventId, eventType, acceptedAt, startedAt, resendOf } = message;
  const { traceparent } = message;
  return {
    accountId,
    webhookId,
    deliveryId,
    eventId,
    eventType,
    acceptedAt,
    kind: message.kind,
    trigger: message.trigger ?? message.kind,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(resendOf === undefined ? {} : { resendOf }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

import {
  BatchWriteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import {
  type Attempt,
  DELIVERY_STATUSES,
  type DeliveryStatus,
  type FailureStatus,
  isFinal,
  type SkippedStatus,
} from '../domain/delivery.ts';
import { cutText, EARLIER_EXCERPT_BYTES } from '../domain/excerpt.ts';
import type { DeliveryId, RecoveryId } from '../domain/ids.ts';
import { inChunks } from '../runtime/chunks.ts';
import { allEnded } from '../runtime/parallel.ts';
import { unlessRefused, writeIf } from './client.ts';
import { attemptAttribute, attemptMap, type DeliveryHeader, headerAttributes } from './delivery-item.ts';
import { createEventStore, type EventStore } from './events.ts';
import {
  absent,
  allOf,
  anyOf,
  type Clause,
  conditionExpressions,
  differs,
  equals,
  exists,
  isBefore,
  type Update,
  updateExpressions,
} from './expressions.ts';
import { PARTITION_KEY } from './iam-attributes.ts';
import { encodeItem } from './items.ts';
import { deliveryKey } from './keys.ts';
import type { DeliveryName } from './read-delivery-states.ts';
import { DEFAULT_RECORD_RETENTION_DAYS, type ExpiringTable } from './retention.ts';

/** DynamoDB quota: items of one BatchWriteItem. */
const MAX_BATCH_ITEMS = 25;

/** The fields that a takeover writes. */
export interface TakenOver extends Required<Pick<Attempt, 'token' | 'takenAt'>> {
  /** Milliseconds since 1970. Absent: no further attempt follows. */
  readonly nextAttemptAt?: number;
}

/** Further fields that are recorded with a failed attempt. */
export interface FailureDetails {
  /** Milliseconds since 1970. Absent: no further attempt follows. */
  readonly nextAttemptAt?: number;
  /** The last attempt of the record that was read before. Its excerpt is cut to that of an earlier attempt. */
  readonly earlier?: Attempt;
}

/** A delivery that succeeded at its first attempt. */
export interface Delivered {
  readonly delivery: DeliveryHeader;
  readonly attempt: Attempt;
}

/** The records of deliveries, and the events in the same table. */
export interface DeliveryStore extends EventStore {
  /**
   * Writes whole records and replaces existing ones. `unwritten` are those that DynamoDB left unprocessed: write them
   * again. After an error, all of them may be written again.
   */
  putDelivered<Given extends Delivered>(deliveries: readonly Given[]): Promise<{ unwritten: Given[] }>;
  /** Unconditional: a success overwrites any other status. */
  recordSuccess(delivery: DeliveryHeader, attempt: Attempt): Promise<void>;
  /**
   * `already_recorded`: another copy of the message recorded this attempt or the next one, or the delivery has
   * ended. A repeated write of the same attempt (equal token) is `recorded` again, unless another copy ended the
   * delivery in between.
   */
  recordFailure(
    delivery: DeliveryHeader,
    attempt: Attempt,
    status: FailureStatus,
    details?: FailureDetails,
  ): Promise<'recorded' | 'already_recorded'>;
  /**
   * Claims the continuation of a delivery after a recorded failure for one copy of its message. `lost`: attempt n has
   * another token by now, attempt n + 1 is recorded, or the delivery ended in another way than exhausted.
   */
  takeOver(
    delivery: DeliveryHeader,
    attempt: Pick<Attempt, 'number' | 'token'>,
    by: TakenOver,
  ): Promise<'taken' | 'lost'>;
  /**
   * Selects the calling copy of the message to make the first attempt of a repeated delivery: the same repeat may be
   * enqueued several times. `lost`: another copy claimed it at `staleBefore` (milliseconds since 1970) or later, its
   * attempt is recorded, or the delivery has ended. A repeated write of the same claim is `claimed` again.
   */
  claim(
    delivery: DeliveryHeader,
    by: { readonly token: string; readonly at: number },
    staleBefore: number,
  ): Promise<'claimed' | 'lost'>;
  /** Records that no further attempt is made, unless the delivery has ended. */
  recordEnd(
    delivery: DeliveryHeader,
    status: SkippedStatus,
    reason: string,
  ): Promise<'recorded' | 'already_ended'>;
  /**
   * Marks a delivery as repeated by the delivery `as`, and by a recovery. `already`: it is marked as repeated by
   * another delivery, or by another recovery; with `over`, such a mark is replaced. Also `already` when the record has
   * expired.
   */
  markResent(
    delivery: DeliveryName,
    as: DeliveryId,
    options?: { readonly by?: RecoveryId; readonly over?: boolean },
  ): Promise<'marked' | 'already'>;
  /** Records a delivery for which no message was sent. Never replaces a record. */
  recordUntried(
    delivery: DeliveryHeader,
    status: SkippedStatus,
    reason: string,
  ): Promise<'recorded' | 'exists'>;
}

const isNew = absent(PARTITION_KEY);
const statusIsNot = (status: DeliveryStatus): Clause => differs('status', status);
const isNotDelivered = statusIsNot('delivered');
const hasNotEnded = allOf(...DELIVERY_STATUSES.filter(isFinal).map(statusIsNot));
/** The sender that recorded the exhaustion may have crashed before it sent the message to the exhausted queue. */
const mayBeTakenOver = anyOf(hasNotEnded, equals('status', 'exhausted' satisfies DeliveryStatus));
const isNotRecorded = (attempt: number): Clause => absent(attemptAttribute(attempt));
/** The same write was made before. Another copy may have canceled the delivery since. */
const isOwnWrite = ({ number, token }: Attempt, status: FailureStatus): Clause[] =>
  token === undefined
    ? []
    : [
        allOf(
          equals(`${attemptAttribute(number)}.token`, token),
          anyOf(hasNotEnded, equals('status', status)),
        ),
      ];

export function createDeliveryStore({
  dynamodb,
  tableName,
  retentionDays = DEFAULT_RECORD_RETENTION_DAYS,
}: ExpiringTable): DeliveryStore {
  /** Returns whether the condition was true. Creates the record if it does not exist. */
  const update = (delivery: DeliveryHeader, change: Update): Promise<boolean> => {
    const command = new UpdateItemCommand({
      TableName: tableName,
      Key: encodeItem({ ...keyOf(delivery) }),
      ...updateExpressions({
        ...change,
        set: { ...headerAttributes(delivery, retentionDays), ...change.set },
      }),
    });
    return writeIf(dynamodb, command);
  };

  const putBatch = async <Given extends Delivered>(batch: readonly Given[]): Promise<Given[]> => {
    const puts = batch.map(
      (delivered): WriteRequest => ({ PutRequest: { Item: deliveredItem(delivered, retentionDays) } }),
    );
    const { UnprocessedItems } = await dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [tableName]: puts } }),
    );
    const unprocessed = new Set(
      UnprocessedItems?.[tableName]?.map(({ PutRequest }) => PutRequest?.Item?.sk?.S),
    );
    return batch.filter(({ delivery }) => unprocessed.has(keyOf(delivery).sk));
  };

  return {
    ...createEventStore({ dynamodb, tableName, retentionDays }),

    async putDelivered(deliveries) {
      // DynamoDB refuses a batch that contains a key twice.
      const unique = [...new Map(deliveries.map((given) => [given.delivery.deliveryId, given])).values()];
      const batches = inChunks(unique, MAX_BATCH_ITEMS);
      return { unwritten: (await allEnded(batches.map(putBatch))).flat() };
    },

    async recordSuccess(delivery, attempt) {
      await update(delivery, {
        set: {
          status: 'delivered' satisfies DeliveryStatus,
          [attemptAttribute(attempt.number)]: attemptMap(attempt),
        },
        remove: ['reason', 'next_attempt_at'],
      });
    },

    async recordFailure(delivery, attempt, status, { nextAttemptAt, earlier } = {}) {
      const isFirstWrite = allOf(isNotRecorded(attempt.number), hasNotEnded);
      const recorded = await update(delivery, {
        set: {
          status,
          [attemptAttribute(attempt.number)]: attemptMap(attempt),
          next_attempt_at: nextAttemptAt,
          ...(earlier && shortenedExcerpt(earlier)),
        },
        remove: ['reason', ...(nextAttemptAt === undefined ? ['next_attempt_at'] : [])],
        when: allOf(
          isNotDelivered,
          isNotRecorded(attempt.number + 1),
          anyOf(isFirstWrite, ...isOwnWrite(attempt, status)),
        ),
      });
      return recorded ? 'recorded' : 'already_recorded';
    },

    async takeOver(delivery, { number, token }, by) {
      const path = attemptAttribute(number);
      const hasToken = token === undefined ? absent(`${path}.token`) : equals(`${path}.token`, token);
      const taken = await update(delivery, {
        set: {
          [`${path}.token`]: by.token,
          [`${path}.taken_at`]: by.takenAt,
          next_attempt_at: by.nextAttemptAt,
        },
        when: allOf(exists(path), hasToken, mayBeTakenOver, isNotRecorded(number + 1)),
      });
      return taken ? 'taken' : 'lost';
    },

    async claim(delivery, by, staleBefore) {
      const claimed = await update(delivery, {
        set: { status: 'retrying' satisfies DeliveryStatus, claim: by },
        when: allOf(
          hasNotEnded,
          isNotRecorded(1),
          anyOf(absent('claim'), isBefore('claim.at', staleBefore), equals('claim.token', by.token)),
        ),
      });
      return claimed ? 'claimed' : 'lost';
    },

    async recordEnd(delivery, status, reason) {
      const remove = ['next_attempt_at'];
      const ended = await update(delivery, { set: { status, reason }, remove, when: hasNotEnded });
      return ended ? 'recorded' : 'already_ended';
    },

    async markResent({ accountId, webhookId, deliveryId }, as, { by, over = false } = {}) {
      const hasOwnRecovery = by === undefined ? [] : [anyOf(absent('resent_by'), equals('resent_by', by))];
      const isUnmarked = anyOf(absent('resent_as'), allOf(equals('resent_as', as), ...hasOwnRecovery));
      const command = new UpdateItemCommand({
        TableName: tableName,
        Key: encodeItem({ ...deliveryKey(accountId, webhookId, deliveryId) }),
        ...updateExpressions({
          set: { resent_as: as, resent_by: by },
          when: allOf(exists(PARTITION_KEY), ...(over ? [] : [isUnmarked])),
        }),
      });
      return unlessRefused(
        dynamodb.send(command).then(() => 'marked'),
        'already',
      );
    },

    async recordUntried(delivery, status, reason) {
      const put = new PutItemCommand({
        TableName: tableName,
        Item: encodeItem({
          ...keyOf(delivery),
          ...headerAttributes(delivery, retentionDays),
          status,
          reason,
        }),
        ...conditionExpressions(isNew),
      });
      return (await writeIf(dynamodb, put)) ? 'recorded' : 'exists';
    },
  };
}

function shortenedExcerpt({ number, excerpt = '' }: Attempt): Record<string, unknown> {
  const { text, isCut } = cutText(excerpt, EARLIER_EXCERPT_BYTES);
  const path = attemptAttribute(number);
  return isCut ? { [`${path}.excerpt`]: text, [`${path}.excerpt_cut`]: true } : {};
}

function deliveredItem(
  { delivery, attempt }: Delivered,
  retentionDays: number,
): ReturnType<typeof encodeItem> {
  return encodeItem({
    ...keyOf(delivery),
    ...headerAttributes(delivery, retentionDays),
    status: 'delivered' satisfies DeliveryStatus,
    [attemptAttribute(attempt.number)]: attemptMap(attempt),
  });
}

function keyOf({ accountId, webhookId, deliveryId }: DeliveryHeader): ReturnType<typeof deliveryKey> {
  return deliveryKey(accountId, webhookId, deliveryId);
}

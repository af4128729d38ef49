import {
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { Attempt, DeliveryStatus } from '../domain/delivery.ts';
import type { StoredEvent } from '../domain/event.ts';
import type { AccountId, DeliveryId, EventId, RecoveryId } from '../domain/ids.ts';
import { inChunks } from '../runtime/chunks.ts';
import { type Table, unlessRefused } from './client.ts';
import { attemptAttribute, attemptMap, type DeliveryHeader, headerAttributes } from './delivery-item.ts';
import type { DeliveryName } from './delivery-state.ts';
import { eventItem, hasExpired, parseEventItem } from './event-item.ts';
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
import { PARTITION_KEY, TTL_ATTRIBUTE } from './iam-attributes.ts';
import { decodeItem, encodeItem } from './items.ts';
import { deliveryKey, eventKey } from './keys.ts';
import { readItems } from './read-items.ts';
import { secondsOf } from './retention.ts';

export type { DeliveryHeader } from './delivery-item.ts';

/** Events of the largest size, 256 KiB and their attributes, fit into one response of BatchGetItem (16 MB). */
const MAX_EVENTS_IN_A_READ = 50;
/** DynamoDB quota: items of one BatchWriteItem. */
const MAX_BATCH_ITEMS = 25;

/** What a takeover writes into an attempt. */
export type TakenOver = Required<Pick<Attempt, 'token' | 'takenAt'>>;

/** A delivery that succeeded at its first attempt. */
export interface Delivered {
  readonly delivery: DeliveryHeader;
  readonly attempt: Attempt;
}

export interface DeliveryStore {
  /**
   * Stores an event once: the first body under an id stays, until it has expired by `now` (milliseconds since 1970;
   * default: the event's time of acceptance).
   */
  putEvent(event: StoredEvent, now?: number): Promise<'stored' | 'exists'>;
  /** Strongly consistent. An event that has expired by `now` is not there. Throws when the item does not parse. */
  getEvent(accountId: AccountId, eventId: EventId, now: number): Promise<StoredEvent | undefined>;
  /**
   * Whole records at once, over whatever is there. `unwritten` are those that DynamoDB left for another
   * call; after an error all of them may be put again.
   */
  putDelivered<Given extends Delivered>(deliveries: readonly Given[]): Promise<{ unwritten: Given[] }>;
  /** Over whatever is there: a success always wins. */
  recordSuccess(delivery: DeliveryHeader, attempt: Attempt): Promise<void>;
  /**
   * `already_recorded`: another copy of the message recorded this attempt or the next one, or the delivery has
   * ended. A repeated write of the same attempt (equal token) is `recorded` again.
   */
  recordFailure(
    delivery: DeliveryHeader,
    attempt: Attempt,
    status: 'retrying' | 'exhausted',
  ): Promise<'recorded' | 'already_recorded'>;
  /**
   * Makes the copy of the message that calls this the one that continues the delivery after a recorded failure.
   * `lost`: attempt n has another token by now, or attempt n + 1 is recorded.
   */
  takeOver(
    delivery: DeliveryHeader,
    attempt: Pick<Attempt, 'number' | 'token'>,
    by: TakenOver,
  ): Promise<'taken' | 'lost'>;
  /**
   * Makes the copy of the message that calls this the one that makes the first attempt of a repeated delivery: several
   * ways may enqueue the same repeat at the same time. `lost`: another copy claimed it at `staleBefore` (milliseconds
   * since 1970) or later, its attempt is recorded, or the delivery has ended. A repeated write of the same claim is
   * `claimed` again.
   */
  claim(
    delivery: DeliveryHeader,
    by: { readonly token: string; readonly at: number },
    staleBefore: number,
  ): Promise<'claimed' | 'lost'>;
  /** Ends a delivery that has not ended. */
  recordEnd(
    delivery: DeliveryHeader,
    status: 'held' | 'canceled',
    reason: string,
  ): Promise<'recorded' | 'already_ended'>;
  /**
   * Notes that a delivery is repeated as `as`, and by which recovery. `already`: it is noted as repeated by another
   * delivery, or by another recovery; with `over`, that is replaced. Also `already` where the record has expired.
   */
  markResent(
    delivery: DeliveryName,
    as: DeliveryId,
    options?: { readonly by?: RecoveryId; readonly over?: boolean },
  ): Promise<'marked' | 'already'>;
  /** The events that are stored and have not expired by `now` (milliseconds since 1970), strongly consistent. */
  getEvents(
    accountId: AccountId,
    eventIds: readonly EventId[],
    now: number,
  ): Promise<ReadonlyMap<EventId, StoredEvent>>;
  /** A delivery that no message was made for; never over a record. */
  recordUntried(
    delivery: DeliveryHeader,
    status: 'held' | 'canceled',
    reason: string,
  ): Promise<'recorded' | 'exists'>;
}

const isNew = absent(PARTITION_KEY);
const isNewOrExpired = (now: number): Clause => anyOf(isNew, isBefore(TTL_ATTRIBUTE, secondsOf(now)));
const statusIsNot = (status: DeliveryStatus): Clause => differs('status', status);
const isNotDelivered = statusIsNot('delivered');
const hasNotEnded = allOf(
  isNotDelivered,
  statusIsNot('exhausted'),
  statusIsNot('canceled'),
  statusIsNot('held'),
);
const isNotRecorded = (attempt: number): Clause => absent(attemptAttribute(attempt));
const isOwnWrite = ({ number, token }: Attempt): Clause[] =>
  token === undefined ? [] : [equals(`${attemptAttribute(number)}.token`, token)];

export function createDeliveryStore({ dynamodb, tableName }: Table): DeliveryStore {
  const putIf = (condition: Clause, Item: ReturnType<typeof encodeItem>): Promise<boolean> => {
    const put = new PutItemCommand({ TableName: tableName, Item, ...conditionExpressions(condition) });
    return unlessRefused(
      dynamodb.send(put).then(() => true),
      false,
    );
  };

  /** Whether the condition held. Makes the record where there is none. */
  const update = (delivery: DeliveryHeader, change: Update): Promise<boolean> => {
    const command = new UpdateItemCommand({
      TableName: tableName,
      Key: encodeItem({ ...keyOf(delivery) }),
      ...updateExpressions({ ...change, set: { ...headerAttributes(delivery), ...change.set } }),
    });
    return unlessRefused(
      dynamodb.send(command).then(() => true),
      false,
    );
  };

  const putBatch = async <Given extends Delivered>(batch: readonly Given[]): Promise<Given[]> => {
    const puts = batch.map((delivered): WriteRequest => ({ PutRequest: { Item: deliveredItem(delivered) } }));
    const { UnprocessedItems } = await dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [tableName]: puts } }),
    );
    const left = new Set(UnprocessedItems?.[tableName]?.map(({ PutRequest }) => PutRequest?.Item?.sk?.S));
    return batch.filter(({ delivery }) => left.has(keyOf(delivery).sk));
  };

  return {
    async putEvent(event, now = event.acceptedAt) {
      return (await putIf(isNewOrExpired(now), eventItem(event))) ? 'stored' : 'exists';
    },

    async getEvent(accountId, eventId, now) {
      const { Item } = await dynamodb.send(
        new GetItemCommand({
          TableName: tableName,
          Key: encodeItem({ ...eventKey(accountId, eventId) }),
          ConsistentRead: true,
        }),
      );
      if (Item === undefined) return undefined;
      const item = decodeItem(Item);
      if (hasExpired(item, now)) return undefined;
      const event = parseEventItem(item);
      if (event === undefined) throw new Error(`the item of event ${eventId} is not a whole event`);
      return event;
    },

    async putDelivered(deliveries) {
      // DynamoDB refuses a whole batch that names a key twice.
      const unique = [...new Map(deliveries.map((given) => [given.delivery.deliveryId, given])).values()];
      const batches = inChunks(unique, MAX_BATCH_ITEMS);
      return { unwritten: (await Promise.all(batches.map(putBatch))).flat() };
    },

    async recordSuccess(delivery, attempt) {
      await update(delivery, {
        set: {
          status: 'delivered' satisfies DeliveryStatus,
          [attemptAttribute(attempt.number)]: attemptMap(attempt),
        },
        remove: ['reason'],
      });
    },

    async recordFailure(delivery, attempt, status) {
      const isFirstWrite = allOf(isNotRecorded(attempt.number), hasNotEnded);
      const recorded = await update(delivery, {
        set: { status, [attemptAttribute(attempt.number)]: attemptMap(attempt) },
        remove: ['reason'],
        when: allOf(
          isNotDelivered,
          isNotRecorded(attempt.number + 1),
          anyOf(isFirstWrite, ...isOwnWrite(attempt)),
        ),
      });
      return recorded ? 'recorded' : 'already_recorded';
    },

    async takeOver(delivery, { number, token }, by) {
      const path = attemptAttribute(number);
      const hasToken = token === undefined ? absent(`${path}.token`) : equals(`${path}.token`, token);
      const taken = await update(delivery, {
        set: { [`${path}.token`]: by.token, [`${path}.taken_at`]: by.takenAt },
        when: allOf(exists(path), hasToken, isNotRecorded(number + 1)),
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
      const ended = await update(delivery, { set: { status, reason }, when: hasNotEnded });
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

    async getEvents(accountId, eventIds, now) {
      const keys = [...new Set(eventIds)].map((eventId) => ({
        table: tableName,
        key: eventKey(accountId, eventId),
      }));
      const items = await readItems(dynamodb, keys, MAX_EVENTS_IN_A_READ);
      const events = items
        .filter(({ item }) => !hasExpired(item, now))
        .flatMap(({ item }) => parseEventItem(item) ?? []);
      return new Map(events.map((event) => [event.id, event]));
    },

    async recordUntried(delivery, status, reason) {
      const item = encodeItem({ ...keyOf(delivery), ...headerAttributes(delivery), status, reason });
      return (await putIf(isNew, item)) ? 'recorded' : 'exists';
    },
  };
}

function deliveredItem({ delivery, attempt }: Delivered): ReturnType<typeof encodeItem> {
  return encodeItem({
    ...keyOf(delivery),
    ...headerAttributes(delivery),
    status: 'delivered' satisfies DeliveryStatus,
    [attemptAttribute(attempt.number)]: attemptMap(attempt),
  });
}

function keyOf({ accountId, webhookId, deliveryId }: DeliveryHeader): ReturnType<typeof deliveryKey> {
  return deliveryKey(accountId, webhookId, deliveryId);
}

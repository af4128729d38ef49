import { GetItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  type AccountId,
  parseDeliveryId,
  parseRecoveryId,
  parseWebhookId,
  type RecoveryId,
} from '../domain/ids.ts';
import { RECOVERABLE_STATUSES, RECOVERY_STATES, type Recovery } from '../domain/recovery.ts';
import { unlessRefused, writeIf } from './client.ts';
import { hasExpired } from './expiry.ts';
import {
  absent,
  allOf,
  anyOf,
  type Clause,
  conditionExpressions,
  equals,
  readExpressions,
  type Update,
  updateExpressions,
} from './expressions.ts';
import { PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from './iam-attributes.ts';
import { decodeItem, encodeItem, type Item, listOf, numberOf, present, textOf } from './items.ts';
import { recoveryKey, recoveryPartition } from './keys.ts';
import { DEFAULT_RECORD_RETENTION_DAYS, type ExpiringTable, expiryOf } from './retention.ts';

/** The fields that a step of a recovery changes. */
export type RecoveryProgress = Partial<
  Pick<
    Recovery,
    | 'rate'
    | 'cursor'
    | 'found'
    | 'enqueued'
    | 'expired'
    | 'allEnqueuedAt'
    | 'delivered'
    | 'failed'
    | 'failedInRow'
    | 'countedTo'
    | 'countedAt'
  >
>;

export interface RecoveryStore {
  /**
   * Stores a new recovery, also in place of one that was stopped before its first step, as it could not be started.
   * `exists`: the SDK, or a request with the same Idempotency-Key, stored it before.
   */
  create(recovery: Recovery): Promise<'created' | 'exists'>;
  /** Strongly consistent. Undefined where there is none, or it has expired by `now` (milliseconds since 1970). */
  get(accountId: AccountId, recoveryId: RecoveryId, now: number): Promise<Recovery | undefined>;
  /**
   * The account's newest recoveries, at most `limit` (1 to 1,000), the newest first, without those that have expired by
   * `now` (milliseconds since 1970). Strongly consistent.
   */
  newest(accountId: AccountId, limit: number, now: number): Promise<Recovery[]>;
  /**
   * Begins a step, so that no other begins before `nextStepAt` (milliseconds since 1970). `lost`: the recovery does
   * not run, or another copy of its message began a step since `before` was read.
   */
  beginStep(before: Recovery, nextStepAt: number): Promise<'begun' | 'lost'>;
  /**
   * Stores the result of a step, if the recovery still runs and no other copy of its message stored a step since
   * `before` was read.
   */
  advance(before: Recovery, progress: RecoveryProgress): Promise<'stored' | 'lost'>;
  /** Ends a recovery that runs. `at` is in milliseconds since 1970. */
  end(
    recovery: Pick<Recovery, 'accountId' | 'id'>,
    state: 'done' | 'stopped',
    at: number,
    reason?: string,
  ): Promise<'ended' | 'not_running'>;
}

const ATTRIBUTES = {
  rate: 'rate',
  cursor: 'cursor',
  found: 'found',
  enqueued: 'enqueued',
  expired: 'expired',
  allEnqueuedAt: 'all_enqueued_at',
  delivered: 'delivered',
  failed: 'failed',
  failedInRow: 'failed_in_row',
  countedTo: 'counted_to',
  countedAt: 'counted_at',
} as const satisfies Record<keyof RecoveryProgress, string>;

const NEXT_STEP_AT = 'next_step_at';

const isNew = absent(PARTITION_KEY);
const isRunning = equals('state', 'running' satisfies Recovery['state']);
const wasNotStarted = allOf(equals('state', 'stopped' satisfies Recovery['state']), absent(NEXT_STEP_AT));
const isAt = (attribute: string, value: unknown): Clause =>
  value === undefined ? absent(attribute) : equals(attribute, value);

export function createRecoveryStore({
  dynamodb,
  tableName,
  retentionDays = DEFAULT_RECORD_RETENTION_DAYS,
}: ExpiringTable): RecoveryStore {
  const keyOf = ({ accountId, id }: Pick<Recovery, 'accountId' | 'id'>) => ({
    TableName: tableName,
    Key: encodeItem({ ...recoveryKey(accountId, id) }),
  });
  /** Whether the condition held. */
  const update = (recovery: Pick<Recovery, 'accountId' | 'id'>, change: Update): Promise<boolean> => {
    const command = new UpdateItemCommand({ ...keyOf(recovery), ...updateExpressions(change) });
    return writeIf(dynamodb, command);
  };
  return {
    async create(recovery) {
      const put = new PutItemCommand({
        TableName: tableName,
        Item: encodeItem(recoveryItem(recovery, retentionDays)),
        ...conditionExpressions(anyOf(isNew, wasNotStarted)),
      });
      return unlessRefused(
        dynamodb.send(put).then(() => 'created' as const),
        'exists' as const,
      );
    },
    async get(accountId, id, now) {
      const { Item } = await dynamodb.send(
        new GetItemCommand({ ...keyOf({ accountId, id }), ConsistentRead: true }),
      );
      if (Item === undefined) return undefined;
      const item = decodeItem(Item);
      if (hasExpired(item, now)) return undefined;
      const recovery = parseRecoveryItem(item, accountId, id);
      if (recovery === undefined) throw new Error(`the item of recovery ${id} is incomplete or invalid`);
      return recovery;
    },
    async newest(accountId, limit, now) {
      const { Items = [] } = await dynamodb.send(
        new QueryCommand({
          TableName: tableName,
          ConsistentRead: true,
          ScanIndexForward: false,
          Limit: limit,
          ...readExpressions({ keys: equals(PARTITION_KEY, recoveryPartition(accountId)) }),
        }),
      );
      return Items.map(decodeItem).flatMap((item) => {
        const id = parseRecoveryId(item[SORT_KEY]);
        if (id === undefined || hasExpired(item, now)) return [];
        return parseRecoveryItem(item, accountId, id) ?? [];
      });
    },
    async beginStep(before, nextStepAt) {
      const begun = await update(before, {
        set: { [NEXT_STEP_AT]: nextStepAt },
        when: allOf(isRunning, isAt(NEXT_STEP_AT, before.nextStepAt)),
      });
      return begun ? 'begun' : 'lost';
    },
    async advance(before, progress) {
      const stored = await update(before, {
        set: progressAttributes(progress),
        when: allOf(
          isRunning,
          isAt(ATTRIBUTES.cursor, before.cursor),
          isAt(ATTRIBUTES.countedAt, before.countedAt),
        ),
      });
      return stored ? 'stored' : 'lost';
    },
    async end(recovery, state, at, reason) {
      const ended = await update(recovery, { set: { state, reason, ended_at: at }, when: isRunning });
      return ended ? 'ended' : 'not_running';
    },
  };
}

function progressAttributes(progress: RecoveryProgress): Item {
  return Object.fromEntries(
    Object.entries(ATTRIBUTES).map(([field, attribute]) => [
      attribute,
      progress[field as keyof RecoveryProgress],
    ]),
  );
}

function recoveryItem(recovery: Recovery, retentionDays: number): Item {
  return {
    ...recoveryKey(recovery.accountId, recovery.id),
    webhook_id: recovery.webhookId,
    created_at: recovery.createdAt,
    since: recovery.since,
    until: recovery.until,
    statuses: recovery.statuses,
    state: recovery.state,
    reason: recovery.reason,
    ended_at: recovery.endedAt,
    ...progressAttributes(recovery),
    [TTL_ATTRIBUTE]: expiryOf(recovery.createdAt, retentionDays),
  };
}

function parseRecoveryItem(item: Item, accountId: AccountId, id: RecoveryId): Recovery | undefined {
  const webhookId = parseWebhookId(item.webhook_id);
  const statuses = listOf(item.statuses, (value) => RECOVERABLE_STATUSES.find((known) => known === value));
  const state = RECOVERY_STATES.find((known) => known === item.state);
  if (webhookId === undefined || statuses === undefined || state === undefined) return undefined;
  const numbers = {
    createdAt: numberOf(item.created_at),
    since: numberOf(item.since),
    until: numberOf(item.until),
    rate: numberOf(item.rate),
    found: numberOf(item.found),
    enqueued: numberOf(item.enqueued),
    expired: numberOf(item.expired),
    delivered: numberOf(item.delivered),
    failed: numberOf(item.failed),
    failedInRow: numberOf(item.failed_in_row),
  };
  if (!areNumbers(numbers)) return undefined;
  return {
    id,
    accountId,
    webhookId,
    statuses,
    state,
    ...numbers,
    ...present({
      reason: textOf(item.reason),
      cursor: parseDeliveryId(item.cursor),
      allEnqueuedAt: numberOf(item.all_enqueued_at),
      countedTo: parseDeliveryId(item.counted_to),
      countedAt: numberOf(item.counted_at),
      endedAt: numberOf(item.ended_at),
      nextStepAt: numberOf(item[NEXT_STEP_AT]),
    }),
  };
}

function areNumbers<Name extends string>(
  values: Record<Name, number | undefined>,
): values is Record<Name, number> {
  return Object.values(values).every((value) => value !== undefined);
}

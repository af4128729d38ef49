import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { AccountId, WebhookId } from '../domain/ids.ts';
import type { Webhook, WebhookStatus } from '../domain/webhook.ts';
import { type ChangesTable, createAnnounceChange } from './account-changes.ts';
import { unlessRefused, writeIf } from './client.ts';
import { absent, allOf, conditionExpressions, equals, exists, updateExpressions } from './expressions.ts';
import { PARTITION_KEY } from './iam-attributes.ts';
import { decodeItem, encodeItem } from './items.ts';
import { webhookKey } from './keys.ts';
import { createWebhookUpdates, type WebhookUpdates } from './sender-webhook-updates.ts';
import {
  parseWebhookItem,
  WEBHOOK_ATTRIBUTES,
  type WebhookFields,
  webhookAttributes,
  webhookItem,
} from './webhook-item.ts';
import { createWebhookReads, type WebhookReads } from './webhook-reads.ts';

/** A change of some fields, in one write. */
export interface WebhookChange {
  readonly set?: Partial<WebhookFields>;
  readonly remove?: readonly RemovableField[];
  /** The condition. When the webhook differs, nothing changes. */
  readonly when?: {
    readonly status?: WebhookStatus;
    readonly verified?: boolean;
    /** The value that was read: the webhook has not changed since. */
    readonly updatedAt?: string;
  };
}

type RemovableField =
  | 'pendingUrl'
  | 'description'
  | 'verification'
  | 'verificationError'
  | 'successStatus'
  | 'customHeaders'
  | 'slowSince'
  | HealthField;

/** The fields that are removed when a webhook is enabled. */
export const HEALTH_FIELDS = [
  'exhaustedInRow',
  'failingSince',
  'warnedAt',
  'disabledReason',
  'disabledAt',
] as const;
type HealthField = (typeof HEALTH_FIELDS)[number];

export interface WebhookStore extends WebhookReads, WebhookUpdates {
  /** Never replaces an existing one. It receives nothing before `activate`, so the account's version is not raised. */
  create(webhook: Webhook): Promise<'created' | 'exists'>;
  /** Resolves to the webhook after the change, or to `conflict` when `when` does not hold. */
  update(
    accountId: AccountId,
    webhookId: WebhookId,
    change: WebhookChange,
  ): Promise<Webhook | 'not_found' | 'conflict'>;
  /** Resolves to whether the webhook existed, and had this `updatedAt` when one is given. */
  remove(accountId: AccountId, webhookId: WebhookId, updatedAt?: string): Promise<boolean>;
}

const isNew = absent(PARTITION_KEY);
const isThere = exists(PARTITION_KEY);

export function createWebhookStore(table: ChangesTable): WebhookStore {
  const { dynamodb, tableName } = table;
  const announceChange = createAnnounceChange(table);
  const reads = createWebhookReads(table);
  const keyOf = (accountId: AccountId, webhookId: WebhookId) => ({
    TableName: tableName,
    Key: encodeItem({ ...webhookKey(accountId, webhookId) }),
  });

  return {
    ...reads,
    ...createWebhookUpdates(table),

    create(webhook) {
      const put = new PutItemCommand({
        TableName: tableName,
        Item: encodeItem(webhookItem(webhook)),
        ...conditionExpressions(isNew),
      });
      return unlessRefused(
        dynamodb.send(put).then(() => 'created'),
        'exists',
      );
    },

    async update(accountId, webhookId, { set = {}, remove = [], when = {} }) {
      const isAsExpected = Object.entries(webhookAttributes(when))
        .filter(([, value]) => value !== undefined)
        .map(([attribute, value]) => equals(attribute, value));
      const change = new UpdateItemCommand({
        ...keyOf(accountId, webhookId),
        ReturnValues: 'ALL_NEW',
        ...updateExpressions({
          set: webhookAttributes(set),
          remove: remove.flatMap((field) => WEBHOOK_ATTRIBUTES[field]),
          when: allOf(isThere, ...isAsExpected),
        }),
      });
      const updated = await announceChange(accountId, () => unlessRefused(dynamodb.send(change), 'refused'));
      if (updated === 'refused') {
        return (await reads.get(accountId, webhookId)) === undefined ? 'not_found' : 'conflict';
      }
      const webhook = parseWebhookItem(decodeItem(updated.Attributes ?? {}));
      if (webhook === undefined) throw new Error(`the item of webhook ${webhookId} is incomplete or invalid`);
      return webhook;
    },

    remove(accountId, webhookId, updatedAt) {
      const isAsExpected = updatedAt === undefined ? [] : [equals('updated_at', updatedAt)];
      const removal = new DeleteItemCommand({
        ...keyOf(accountId, webhookId),
        ...conditionExpressions(allOf(isThere, ...isAsExpected)),
      });
      return announceChange(accountId, () => writeIf(dynamodb, removal));
    },
  };
}

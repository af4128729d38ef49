import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { AccountId, EventId, WebhookId } from '../domain/ids.ts';
import type { WebhookStatus } from '../domain/webhook.ts';
import { type ChangesTable, createAnnounceChange } from './account-changes.ts';
import { writeIf } from './client.ts';
import {
  absent,
  allOf,
  anyOf,
  type Clause,
  equals,
  exists,
  isBefore,
  type Update,
  updateExpressions,
  valueAt,
} from './expressions.ts';
import { PARTITION_KEY } from './iam-attributes.ts';
import { encodeItem } from './items.ts';
import { webhookKey } from './keys.ts';
import { WEBHOOK_ATTRIBUTES } from './webhook-item.ts';

/**
 * The sender's updates of webhooks. They name only the attributes of `SENDER_WEBHOOK_ATTRIBUTES` and read none back.
 * UpdateItem creates an item that does not exist, so each update requires that the webhook exists.
 *
 * Only `activate` raises the account's version: dispatchers see the other updates a few seconds later.
 */
export interface WebhookUpdates {
  /** Returns whether this call set the mark: true once each time that an endpoint becomes slow. */
  markSlow(accountId: AccountId, webhookId: WebhookId, at: string): Promise<boolean>;
  /** Removes a mark that was set before this time (ISO 8601, as `toISOString` formats it). Returns whether it did. */
  clearSlow(accountId: AccountId, webhookId: WebhookId, markedBefore: string): Promise<boolean>;
  /**
   * The challenge was answered: its URL becomes the webhook's URL, and a webhook that was never active becomes
   * `active`. Idempotent: `activated` also when this verification was recorded before. `superseded` when another
   * verification was started since, or the webhook was deleted.
   */
  activate(
    accountId: AccountId,
    webhookId: WebhookId,
    verificationId: EventId,
    at: string,
  ): Promise<'activated' | 'superseded'>;
  /**
   * The challenge was not answered. A `pending` webhook becomes `verification_failed`; any other keeps its status
   * and URL. The verification is kept: an answer that arrives later still counts.
   */
  failVerification(
    accountId: AccountId,
    webhookId: WebhookId,
    verificationId: EventId,
    reason: string,
    at: string,
  ): Promise<'recorded' | 'superseded'>;
}

const isThere = exists(PARTITION_KEY);
const isNotMarkedSlow = absent('slow_since');
const isPending = equals('status', 'pending' satisfies WebhookStatus);
const hasFailed = equals('status', 'verification_failed' satisfies WebhookStatus);
const isNewest = (verificationId: EventId): Clause => equals('verification_id', verificationId);
const wasVerifiedBy = (verificationId: EventId): Clause => equals('verified_by', verificationId);

export function createWebhookUpdates(table: ChangesTable): WebhookUpdates {
  const { dynamodb, tableName } = table;
  const announceChange = createAnnounceChange(table);
  /** Returns whether the condition was true. */
  const update = (accountId: AccountId, webhookId: WebhookId, change: Update): Promise<boolean> => {
    const command = new UpdateItemCommand({
      TableName: tableName,
      Key: encodeItem({ ...webhookKey(accountId, webhookId) }),
      ...updateExpressions({ ...change, when: allOf(isThere, ...(change.when ? [change.when] : [])) }),
    });
    return writeIf(dynamodb, command);
  };

  return {
    markSlow: (accountId, webhookId, at) =>
      update(accountId, webhookId, { set: { slow_since: at }, when: isNotMarkedSlow }),

    clearSlow: (accountId, webhookId, markedBefore) =>
      update(accountId, webhookId, { remove: ['slow_since'], when: isBefore('slow_since', markedBefore) }),

    async activate(accountId, webhookId, verificationId, at) {
      const verified = {
        url: valueAt('verification_url'),
        verified: true,
        verified_by: verificationId,
        updated_at: at,
      };
      const active = { ...verified, status: 'active' satisfies WebhookStatus };
      const remove = [
        ...WEBHOOK_ATTRIBUTES.verification,
        ...WEBHOOK_ATTRIBUTES.pendingUrl,
        ...WEBHOOK_ATTRIBUTES.verificationError,
        // They count failures of the previous URL.
        ...WEBHOOK_ATTRIBUTES.exhaustedInRow,
        ...WEBHOOK_ATTRIBUTES.failingSince,
        ...WEBHOOK_ATTRIBUTES.warnedAt,
      ];
      const isAnswered = isNewest(verificationId);
      const wasNeverActive = anyOf(isPending, hasFailed);
      // The order matters: a webhook can change from the first state to the second in between, but never back.
      const activated = await announceChange(
        accountId,
        async () =>
          (await update(accountId, webhookId, {
            set: active,
            remove,
            when: allOf(isAnswered, wasNeverActive),
          })) ||
          (await update(accountId, webhookId, { set: verified, remove, when: isAnswered })) ||
          (await update(accountId, webhookId, { when: wasVerifiedBy(verificationId) })),
      );
      return activated ? 'activated' : 'superseded';
    },

    async failVerification(accountId, webhookId, verificationId, reason, at) {
      const failed = { verification_error: reason, updated_at: at };
      const isUnanswered = isNewest(verificationId);
      const recorded =
        (await update(accountId, webhookId, {
          set: { ...failed, status: 'verification_failed' satisfies WebhookStatus },
          when: allOf(isUnanswered, isPending),
        })) || (await update(accountId, webhookId, { set: failed, when: isUnanswered }));
      return recorded ? 'recorded' : 'superseded';
    },
  };
}

import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { AccountId, EventId, WebhookId } from '../domain/ids.ts';
import type { WebhookStatus } from '../domain/webhook.ts';
import { PARTITION_KEY } from './attributes.ts';
import { type Table, unlessRefused } from './client.ts';
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
import { encodeItem } from './items.ts';
import { webhookKey } from './keys.ts';

/**
 * What the sender writes into webhooks. It may name the attributes of `SENDER_WEBHOOK_ATTRIBUTES` alone
 * and read none back; and as an update makes an item that is not there, each insists that it is.
 */
export interface WebhookUpdates {
  /** Whether this call made the mark: true once for each time that an endpoint becomes slow. */
  markSlow(accountId: AccountId, webhookId: WebhookId, at: string): Promise<boolean>;
  /** Takes away a mark made before that time (ISO 8601, as `toISOString` writes it). */
  clearSlow(accountId: AccountId, webhookId: WebhookId, markedBefore: string): Promise<boolean>;
  /**
   * The challenge was answered: puts its URL in force, and makes a webhook that never was active `active`.
   * Idempotent: `activated` also when this verification has done so before. `superseded` when another one
   * was started since, or the webhook is gone.
   */
  activate(
    accountId: AccountId,
    webhookId: WebhookId,
    verificationId: EventId,
    at: string,
  ): Promise<'activated' | 'superseded'>;
  /**
   * The challenge went unanswered. A webhook that waits for it becomes `verification_failed`; any other
   * keeps its status and URL. The verification stays: an answer that comes late still counts.
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
const isNewest = (verificationId: EventId): Clause => equals('verification.id', verificationId);
const wasVerifiedBy = (verificationId: EventId): Clause => equals('verified_by', verificationId);

export function createWebhookUpdates({ dynamodb, tableName }: Table): WebhookUpdates {
  /** Whether the condition held. */
  const update = (accountId: AccountId, webhookId: WebhookId, change: Update): Promise<boolean> => {
    const command = new UpdateItemCommand({
      TableName: tableName,
      Key: encodeItem({ ...webhookKey(accountId, webhookId) }),
      ...updateExpressions({ ...change, when: allOf(isThere, ...(change.when ? [change.when] : [])) }),
    });
    return unlessRefused(
      dynamodb.send(command).then(() => true),
      false,
    );
  };

  return {
    markSlow: (accountId, webhookId, at) =>
      update(accountId, webhookId, { set: { slow_since: at }, when: isNotMarkedSlow }),

    clearSlow: (accountId, webhookId, markedBefore) =>
      update(accountId, webhookId, { remove: ['slow_since'], when: isBefore('slow_since', markedBefore) }),

    async activate(accountId, webhookId, verificationId, at) {
      const verified = {
        url: valueAt('verification.url'),
        verified: true,
        verified_by: verificationId,
        updated_at: at,
      };
      const active = { ...verified, status: 'active' satisfies WebhookStatus };
      const remove = ['pending_url', 'verification', 'verification_error'];
      const isAnswered = isNewest(verificationId);
      const wasNeverActive = anyOf(isPending, hasFailed);
      // In this order: meanwhile a webhook may leave the first state for the second, but it never comes back.
      const activated =
        (await update(accountId, webhookId, {
          set: active,
          remove,
          when: allOf(isAnswered, wasNeverActive),
        })) ||
        (await update(accountId, webhookId, { set: verified, remove, when: isAnswered })) ||
        (await update(accountId, webhookId, { when: wasVerifiedBy(verificationId) }));
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

import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { FailureCount } from '../domain/health.ts';
import type { AccountId, WebhookId } from '../domain/ids.ts';
import type { WebhookStatus } from '../domain/webhook.ts';
import { type ChangesTable, createAnnounceChange } from './account-changes.ts';
import { unlessRefused, writeIf } from './client.ts';
import {
  absent,
  allOf,
  type Clause,
  differs,
  equals,
  exists,
  isAtLeast,
  isAtMost,
  type Update,
  updateExpressions,
  valueOr,
} from './expressions.ts';
import { PARTITION_KEY } from './iam-attributes.ts';
import { decodeItem, encodeItem, numberOf, textOf } from './items.ts';
import { webhookKey } from './keys.ts';

/** A webhook at the URL to which its deliveries were sent. Results of deliveries to another URL do not count. */
export interface WebhookAtUrl {
  readonly accountId: AccountId;
  readonly webhookId: WebhookId;
  readonly url: string;
}

/** Thresholds as the store compares them. */
export interface Reached {
  readonly exhausted: number;
  /** ISO 8601. */
  readonly failingSince: string;
}

/**
 * The sender's updates of a webhook's health. They name only the attributes of `SENDER_WEBHOOK_ATTRIBUTES`. All but
 * `clearFailures` apply only while the webhook is active at the given URL. Only `disable` raises the account's version:
 * dispatchers see the other updates a few seconds later.
 */
export interface WebhookHealthUpdates {
  /**
   * Adds exhausted deliveries, the first of which ended at `at` (ISO 8601). Undefined when the webhook is not active at
   * this URL, and when a write with this token was the last one: a repeat of a write whose response was lost.
   */
  countExhausted(
    webhook: WebhookAtUrl,
    counted: { readonly count: number; readonly at: string; readonly token: string },
  ): Promise<FailureCount | undefined>;
  /** A delivery succeeded. Returns whether there were failures to clear. */
  clearFailures(webhook: Pick<WebhookAtUrl, 'accountId' | 'webhookId'>): Promise<boolean>;
  /** Returns whether this call set the mark: true once in each period of failures. */
  markWarned(webhook: WebhookAtUrl, reached: Reached, at: string): Promise<boolean>;
  /**
   * Disables the webhook, with `reached` only if its counters have reached both thresholds. Returns whether this call
   * disabled it.
   */
  disable(
    webhook: WebhookAtUrl,
    disabled: { readonly reason: string; readonly at: string; readonly reached?: Reached },
  ): Promise<boolean>;
}

/** The attributes that a success removes. `counted_by` stays, so that a repeat of the last count is still recognised. */
const FAILURE_ATTRIBUTES = ['exhausted_in_row', 'failing_since', 'warned_at'] as const;

const isThere = exists(PARTITION_KEY);
const isActive = equals('status', 'active' satisfies WebhookStatus);
const isActiveAt = (url: string): Clause => allOf(isThere, isActive, equals('url', url));
const hasReached = ({ exhausted, failingSince }: Reached): Clause =>
  allOf(isAtLeast('exhausted_in_row', exhausted), isAtMost('failing_since', failingSince));

export function createWebhookHealthUpdates(table: ChangesTable): WebhookHealthUpdates {
  const { dynamodb, tableName } = table;
  const announceChange = createAnnounceChange(table);
  const commandFor = (
    { accountId, webhookId }: Pick<WebhookAtUrl, 'accountId' | 'webhookId'>,
    change: Update,
    ReturnValues?: 'UPDATED_NEW',
  ): UpdateItemCommand =>
    new UpdateItemCommand({
      TableName: tableName,
      Key: encodeItem({ ...webhookKey(accountId, webhookId) }),
      ...(ReturnValues === undefined ? {} : { ReturnValues }),
      ...updateExpressions(change),
    });
  /** Returns whether the condition was true. */
  const update = (...[webhook, change]: Parameters<typeof commandFor>): Promise<boolean> =>
    writeIf(dynamodb, commandFor(webhook, change));

  return {
    async countExhausted(webhook, { count, at, token }) {
      const change: Update = {
        set: { failing_since: valueOr('failing_since', at), counted_by: token },
        add: { exhausted_in_row: count },
        when: allOf(isActiveAt(webhook.url), differs('counted_by', token)),
      };
      const updated = await unlessRefused(
        dynamodb.send(commandFor(webhook, change, 'UPDATED_NEW')),
        undefined,
      );
      if (updated === undefined) return undefined;
      const item = decodeItem(updated.Attributes ?? {});
      const exhaustedInRow = numberOf(item.exhausted_in_row);
      const failingSince = textOf(item.failing_since);
      if (exhaustedInRow === undefined || failingSince === undefined) return undefined;
      return { exhaustedInRow, failingSince };
    },

    clearFailures: (webhook) =>
      update(webhook, {
        remove: FAILURE_ATTRIBUTES,
        when: allOf(isThere, exists('exhausted_in_row')),
      }),

    markWarned: (webhook, reached, at) =>
      update(webhook, {
        set: { warned_at: at },
        when: allOf(isActiveAt(webhook.url), absent('warned_at'), hasReached(reached)),
      }),

    disable: (webhook, { reason, at, reached }) =>
      announceChange(webhook.accountId, () =>
        update(webhook, {
          set: {
            status: 'disabled' satisfies WebhookStatus,
            disabled_reason: reason,
            disabled_at: at,
            updated_at: at,
          },
          when: allOf(isActiveAt(webhook.url), ...(reached === undefined ? [] : [hasReached(reached)])),
        }),
      ),
  };
}

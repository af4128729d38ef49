import type { SQSClient } from '@aws-sdk/client-sqs';
import type { AccountId, EventId } from '../../lambdas/shared/domain/ids.ts';
import type { Timer } from '../../lambdas/shared/runtime/clock.ts';
import { type ApiKey, createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import type { DynamoDB } from '../../lambdas/shared/store/client.ts';
import { type ErasureTables, findOfAccount, findOfEvent } from '../../lambdas/shared/store/erasure.ts';
import { requireOutput } from '../shared/target.ts';
import { plural } from '../shared/text.ts';
import { type ErasedItems, eraseItems } from './erase-items.ts';
import { type ErasedMessages, eraseMessages, OPERATOR_QUEUES, type OperatorQueue } from './erase-messages.ts';

export interface EraseRequest {
  readonly dynamodb: DynamoDB;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly timer: Timer;
  /** The outputs of the stack, which name its tables and queues. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly accountId: AccountId;
  /** Absent: the whole account. */
  readonly eventId?: EventId;
  /**
   * For an event: reads the whole table, to find copies for deleted listeners, too. For an account the whole table is
   * always read.
   */
  readonly everywhere?: boolean;
  /** False: nothing is changed, and the result counts what would be erased. */
  readonly confirm: boolean;
  /** The maximum number of messages that are read from each queue. */
  readonly limit: number;
  readonly onProgress: (line: string) => void;
}

export interface Erased {
  readonly items: ErasedItems;
  /** API keys that were revoked, or that lost their name. */
  readonly keys: number;
  readonly messages: ReadonlyMap<OperatorQueue, ErasedMessages>;
}

/**
 * Removes the payloads of an event, or all data of an account, from the tables and from the queues that wait for an
 * operator. It can be repeated at any time, also after it was interrupted.
 */
export async function erase(request: EraseRequest): Promise<Erased> {
  const { dynamodb, outputs, accountId, eventId, everywhere = false, confirm, onProgress } = request;
  const tables: ErasureTables = {
    dynamodb,
    webhooksTable: requireOutput({ outputs }, 'WebhooksTableName'),
    deliveriesTable: requireOutput({ outputs }, 'DeliveriesTableName'),
  };
  // Keys are revoked first, so that no key creates an item during the erasure.
  const keys = eventId === undefined ? await revokeKeys(request, tables) : 0;
  const items = await eraseItems({
    tables,
    found:
      eventId === undefined
        ? findOfAccount(tables, accountId)
        : findOfEvent(tables, accountId, eventId, everywhere),
    keepRecords: eventId !== undefined,
    confirm,
    onProgress: (examined) => onProgress(`${plural(examined, 'item')} read …`),
  });
  const messages = new Map<OperatorQueue, ErasedMessages>();
  for (const queue of OPERATOR_QUEUES) {
    const erased = await eraseMessages({
      ...request,
      queue,
      eventId,
      onProgress: (count) => onProgress(`${queue}: ${plural(count, 'message')} read …`),
    });
    messages.set(queue, erased);
  }
  return { items, keys, messages };
}

/**
 * Keys stay, revoked and without a name: the audit log has their ids, and of a key only its hash is stored. Keys that an
 * operator's command made for itself keep their name, which is the operator's.
 */
async function revokeKeys(
  { accountId, confirm, timer, onProgress }: EraseRequest,
  { dynamodb, webhooksTable }: ErasureTables,
): Promise<number> {
  const store = createApiKeyStore({ dynamodb, tableName: webhooksTable }, (items) =>
    onProgress(`API keys: ${plural(items, 'item')} read …`),
  );
  const namesCustomer = ({ name, ofCommand }: ApiKey): boolean => name !== '' && ofCommand !== true;
  const keys = (await store.list(accountId)).filter(
    (key) => key.revokedAt === undefined || namesCustomer(key),
  );
  if (confirm) {
    for (const key of keys) {
      await store.revoke(key.id, timer.now());
      if (namesCustomer(key)) await store.removeName(key.id);
    }
  }
  return keys.length;
}

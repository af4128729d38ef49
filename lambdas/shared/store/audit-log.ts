import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  AUDIT_ACTIONS,
  AUDIT_OUTCOMES,
  AUDIT_SOURCES,
  type AuditDetails,
  type AuditEntry,
  type AuditOutcome,
} from '../domain/audit.ts';
import { type AccountId, newAuditId } from '../domain/ids.ts';
import { type Table, writeIf } from './client.ts';
import { hasExpired } from './expiry.ts';
import { allOf, equals, exists, isBetween, readExpressions, updateExpressions } from './expressions.ts';
import { PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from './iam-attributes.ts';
import { decodeItem, encodeItem, type Item, isMap, numberOf, present, textOf } from './items.ts';
import { auditKey, auditPartition, auditSortKeys, parseAuditKey } from './keys.ts';
import { queryPages } from './pages.ts';
import { AUDIT_RETENTION_DAYS, expiryOf } from './retention.ts';

/** Who changed what, in the deliveries table. Entries are kept for a year. */
export interface AuditLog {
  /**
   * Writes an entry. Call it before the change, without an outcome: then no change that is made is unrecorded, also when
   * the function crashes.
   */
  record(change: Omit<AuditEntry, 'id'>): Promise<AuditEntry>;
  /** Records the outcome of the change. `details` replace those of the entry. */
  end(entry: AuditEntry, outcome: AuditOutcome, details?: AuditDetails): Promise<void>;
  /**
   * At most `limit` entries, newest first, from `since` on and before `until` (milliseconds since 1970). Items that cannot
   * be parsed are skipped. `onRead` receives how many entries are read so far, after each page.
   */
  list(
    accountId: AccountId | undefined,
    range: { readonly since: number; readonly until: number; readonly limit: number },
    onRead?: (entries: number) => void,
  ): Promise<AuditEntry[]>;
}

/** The attribute that an erasure of the account removes. */
export const AUDIT_ACTOR = 'actor';

const isThere = exists(PARTITION_KEY);

export function createAuditLog({ dynamodb, tableName }: Table): AuditLog {
  return {
    async record(change) {
      const entry = { ...change, id: newAuditId(change.at) };
      await dynamodb.send(new PutItemCommand({ TableName: tableName, Item: encodeItem(auditItem(entry)) }));
      return entry;
    },
    async end({ accountId, id }, outcome, details) {
      await writeIf(
        dynamodb,
        new UpdateItemCommand({
          TableName: tableName,
          Key: encodeItem({ ...auditKey(accountId, id) }),
          ...updateExpressions({ set: { outcome, details }, when: isThere }),
        }),
      );
    },
    async list(accountId, { since, until, limit }, onRead = () => undefined) {
      const { lowest, highest } = auditSortKeys(since, until);
      const query = {
        TableName: tableName,
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: limit,
        ...readExpressions({
          keys: allOf(equals(PARTITION_KEY, auditPartition(accountId)), isBetween(SORT_KEY, lowest, highest)),
        }),
      };
      const entries: AuditEntry[] = [];
      for await (const { Items = [] } of queryPages(dynamodb, query)) {
        const items = Items.map(decodeItem).filter((item) => !hasExpired(item, until));
        entries.push(...items.flatMap((item) => parseAuditItem(item) ?? []));
        onRead(entries.length);
        if (entries.length >= limit) break;
      }
      return entries.slice(0, limit);
    },
  };
}

function auditItem(entry: AuditEntry): Item {
  return {
    ...auditKey(entry.accountId, entry.id),
    at: entry.at,
    action: entry.action,
    source: entry.source,
    key_id: entry.keyId,
    [AUDIT_ACTOR]: entry.actor,
    subject: entry.subject,
    request_id: entry.requestId,
    details: entry.details,
    outcome: entry.outcome,
    [TTL_ATTRIBUTE]: expiryOf(entry.at, AUDIT_RETENTION_DAYS),
  };
}

function parseAuditItem(item: Item): AuditEntry | undefined {
  const key = parseAuditKey(item);
  const at = numberOf(item.at);
  const action = AUDIT_ACTIONS.find((known) => known === item.action);
  const source = AUDIT_SOURCES.find((known) => known === item.source);
  if (key === undefined || at === undefined || action === undefined || source === undefined) return undefined;
  return {
    id: key.auditId,
    at,
    action,
    source,
    ...present({
      accountId: key.accountId,
      keyId: textOf(item.key_id),
      actor: textOf(item[AUDIT_ACTOR]),
      subject: textOf(item.subject),
      requestId: textOf(item.request_id),
      details: isMap(item.details) ? (item.details as AuditDetails) : undefined,
      outcome: AUDIT_OUTCOMES.find((known) => known === item.outcome),
    }),
  };
}

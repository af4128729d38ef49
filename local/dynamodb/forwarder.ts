import { setTimeout as sleep } from 'node:timers/promises';
import { inChunks } from '../../lambdas/shared/runtime/chunks.ts';
import { AwsError, type Json } from '../aws-calls.ts';
import { describeNewTable } from './create-table.ts';
import { readErrorBody } from './error-body.ts';
import type { DynamoDbStore } from './store.ts';

/** Far above the time of a DynamoDB on this machine, which answers in milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;
const TABLE_POLL_MS = 100;
const TABLE_POLLS = 100;
/** DynamoDB quota: items of one BatchWriteItem. */
const MAX_BATCH_ITEMS = 25;

const HINT = 'start one there, or unset AWS_ENDPOINT_URL_DYNAMODB to use the one in this process';

/**
 * Forwards actions to another DynamoDB, such as DynamoDB Local. The local cloud has authorized the caller before, so
 * the request has only a placeholder signature. A real AWS endpoint would refuse it.
 */
export function createForwarder(endpoint: string, region: string): DynamoDbStore {
  const authorization = `AWS4-HMAC-SHA256 Credential=local/20000101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`;

  const run = async (action: string, input: Json): Promise<Json> => {
    const response = await request(action, input);
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok && typeof body === 'object' && body !== null) return { ...body };
    throw (
      readErrorBody(body, response.status) ??
      new Error(
        `${endpoint} answered ${action} with status ${response.status} and a body that is not DynamoDB's; is it a DynamoDB? ${HINT}`,
      )
    );
  };

  const request = (action: string, input: Json): Promise<Response> =>
    fetch(endpoint, {
      method: 'POST',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${action}`,
        'x-amz-date': '20000101T000000Z',
        authorization,
      },
      body: JSON.stringify(input),
    }).catch((cause: unknown): never => {
      throw new Error(`no DynamoDB answers at ${endpoint} (${reasonOf(cause)}); ${HINT}`, { cause });
    });

  return {
    run,
    async importItems(tableName, items) {
      for (const chunk of inChunks(items, MAX_BATCH_ITEMS)) {
        const puts = chunk.map((Item) => ({ PutRequest: { Item } }));
        await run('BatchWriteItem', { RequestItems: { [tableName]: puts } });
      }
    },
    async createTable(table) {
      try {
        await run('CreateTable', describeNewTable(table));
      } catch (error) {
        if (!(error instanceof AwsError) || error.code !== 'ResourceInUseException') throw error;
      }
      for (let poll = 0; poll < TABLE_POLLS; poll++) {
        const { Table: description } = await run('DescribeTable', { TableName: table.name });
        if (JSON.stringify(description).includes('"TableStatus":"ACTIVE"')) return;
        await sleep(TABLE_POLL_MS);
      }
      throw new Error(
        `table ${table.name} did not become active at ${endpoint}; see the log of that DynamoDB`,
      );
    },
    close: async () => undefined,
  };
}

/** The message of fetch's error is always "fetch failed"; its cause has the reason. */
function reasonOf(error: unknown): string {
  const { cause = error } = error instanceof Error ? error : {};
  if (!(cause instanceof Error)) return String(cause);
  const { code } = cause as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : cause.message;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError, type Json } from '../calls.ts';
import { describeNewTable } from './create-table.ts';
import { readErrorBody } from './error-body.ts';
import type { DynamoDbStore } from './service.ts';

const TABLE_POLL_MS = 100;
const TABLE_POLLS = 100;

/**
 * Passes actions on to another DynamoDB, such as DynamoDB Local. The caller was checked here already, so the
 * request bears a signature in form only; a real AWS endpoint would refuse it.
 */
export function createForwarder(endpoint: string, region: string): DynamoDbStore {
  const authorization = `AWS4-HMAC-SHA256 Credential=local/20000101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`;

  const run = async (action: string, input: Json): Promise<Json> => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${action}`,
        'x-amz-date': '20000101T000000Z',
        authorization,
      },
      body: JSON.stringify(input),
    });
    const body: unknown = await response.json();
    if (response.ok && typeof body === 'object' && body !== null) return { ...body };
    throw (
      readErrorBody(body, response.status) ??
      new Error(`${endpoint} answered ${action} with ${response.status}`)
    );
  };

  return {
    run,
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
        `table ${table.name} did not become active at ${endpoint}; look at that DynamoDB's log`,
      );
    },
    close: async () => undefined,
  };
}

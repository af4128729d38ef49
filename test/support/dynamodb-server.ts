import { type AwsCalls, type AwsService, type CallMeter, createAwsCalls } from '../../local/aws-calls.ts';
import { createDynamoDb } from '../../local/dynamodb/service.ts';
import { startEndpoint } from '../../local/endpoint.ts';

const UNUSED: AwsService = { call: () => Promise.reject(new Error('not part of this test')) };

export interface DynamoDbServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** The local cloud's DynamoDB with these tables. */
export async function createDynamoDbCalls(
  tableNames: readonly string[],
  meter: CallMeter = { awsCall: () => {} },
): Promise<{ calls: AwsCalls; close: () => Promise<void> }> {
  const dynamodb = createDynamoDb({ region: 'us-east-1' });
  for (const name of tableNames) await dynamodb.createTable({ name, partitionKey: 'pk', sortKey: 'sk' });
  const calls = createAwsCalls({
    services: { sqs: UNUSED, dynamodb, events: UNUSED, kms: UNUSED },
    authorize: () => {},
    meter,
  });
  return { calls, close: () => dynamodb.close() };
}

/**
 * The local cloud's DynamoDB with these tables, over HTTP. dynalite's own HTTP handler is not used: it throws an uncaught
 * exception if a client closes its connection during a request.
 */
export async function startDynamoDbServer(tableNames: readonly string[]): Promise<DynamoDbServer> {
  const { calls, close } = await createDynamoDbCalls(tableNames);
  const endpoint = await startEndpoint({ calls });
  return {
    endpoint: endpoint.url,
    async close() {
      await endpoint.close();
      await close();
    },
  };
}

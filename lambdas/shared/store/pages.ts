import {
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDB } from './client.ts';

/** DynamoDB ends a page after 1 MB, full or not: only a missing `LastEvaluatedKey` ends a result. */
export async function* queryPages(
  dynamodb: DynamoDB,
  query: QueryCommandInput,
): AsyncGenerator<QueryCommandOutput> {
  let input = query;
  for (;;) {
    const page = await dynamodb.send(new QueryCommand(input));
    yield page;
    if (page.LastEvaluatedKey === undefined) return;
    input = { ...query, ExclusiveStartKey: page.LastEvaluatedKey };
  }
}

export async function* scanPages(
  dynamodb: DynamoDB,
  scan: ScanCommandInput,
): AsyncGenerator<ScanCommandOutput> {
  let input = scan;
  for (;;) {
    const page = await dynamodb.send(new ScanCommand(input));
    yield page;
    if (page.LastEvaluatedKey === undefined) return;
    input = { ...scan, ExclusiveStartKey: page.LastEvaluatedKey };
  }
}

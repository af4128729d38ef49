import {
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDB } from './client.ts';

/** All pages of a query. DynamoDB ends a page after 1 MB of items: only a missing `LastEvaluatedKey` ends the result. */
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

/** All pages of a scan, as `queryPages`. */
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

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Target } from './target.ts';

/** Calls `use` with a client, and closes its connections afterwards. */
export async function withDynamoDb<T>(
  { clientSettings }: Target,
  use: (dynamodb: DynamoDBClient) => Promise<T>,
): Promise<T> {
  const dynamodb = new DynamoDBClient(clientSettings);
  try {
    return await use(dynamodb);
  } finally {
    dynamodb.destroy();
  }
}

/** Calls `use` with a client, and closes its connections afterwards. */
export async function withSqs<T>(
  { clientSettings }: Target,
  use: (sqs: SQSClient) => Promise<T>,
): Promise<T> {
  const sqs = new SQSClient(clientSettings);
  try {
    return await use(sqs);
  } finally {
    sqs.destroy();
  }
}

/** Calls `use` with a client, and closes its connections afterwards. */
export async function withLambda<T>(
  { clientSettings }: Target,
  use: (lambda: LambdaClient) => Promise<T>,
): Promise<T> {
  // Imported only when it is used: most verbs need no Lambda.
  const { LambdaClient } = await import('@aws-sdk/client-lambda');
  const lambda = new LambdaClient(clientSettings);
  try {
    return await use(lambda);
  } finally {
    lambda.destroy();
  }
}

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { isAwsError } from '../runtime/errors.ts';

/** The SDK's client, or anything that answers its commands. */
export type DynamoDB = Pick<DynamoDBClient, 'send'>;

/** A table, and who answers for it. */
export interface Table {
  readonly dynamodb: DynamoDB;
  readonly tableName: string;
}

/** Makes a failed condition a value; every other error stays one, as our own side failed. */
export async function unlessRefused<const Result, const Refused>(
  write: Promise<Result>,
  refused: Refused,
): Promise<Result | Refused> {
  try {
    return await write;
  } catch (error) {
    if (isAwsError(error, 'ConditionalCheckFailedException')) return refused;
    throw error;
  }
}

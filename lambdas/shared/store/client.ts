import type {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { isAwsError } from '../runtime/errors.ts';

/** The SDK's client, or a replacement that runs its commands. */
export type DynamoDB = Pick<DynamoDBClient, 'send'>;

/** A table and the client that reaches it. */
export interface Table {
  readonly dynamodb: DynamoDB;
  readonly tableName: string;
}

/** Returns `refused` when the condition of a write is false. Every other error is thrown: it is a failure on our side. */
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

/** Sends a write and returns whether its condition was true. Every other error is thrown. */
export function writeIf(
  dynamodb: DynamoDB,
  write: PutItemCommand | UpdateItemCommand | DeleteItemCommand,
): Promise<boolean> {
  // The types of `send` accept one kind of command at a time.
  return unlessRefused(
    dynamodb.send(write as PutItemCommand).then(() => true),
    false,
  );
}

import type { Json } from '../aws-calls.ts';

/** A table whose keys are strings. Billing, recovery and expiry have no effect in the local cloud. */
export interface TableSettings {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey?: string;
}

/** Runs DynamoDB's actions: dynalite in this process, or another DynamoDB. */
export interface DynamoDbStore {
  /** Resolves when the table can be used. A table that exists already is not changed. */
  createTable(table: TableSettings): Promise<void>;
  /**
   * Writes many items in a fraction of the time of BatchWriteItem, without checks, as DynamoDB's import from S3 does. In the
   * form of the API: `{"pk": {"S": "…"}}`.
   */
  importItems(tableName: string, items: readonly Json[]): Promise<void>;
  /** Throws `AwsError` with the service's own code and message. */
  run(action: string, input: Json): Promise<Json>;
  close(): Promise<void>;
}

import { AwsError, type AwsService, type Json } from '../calls.ts';
import { createDynaliteStore } from './dynalite-store.ts';
import { createForwarder } from './forwarder.ts';

/** A table with text keys, which is all that the design has. Billing, recovery and expiry make no difference here. */
export interface TableSettings {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey?: string;
}

/** What runs the actions: dynalite in this process, or a DynamoDB elsewhere. */
export interface DynamoDbStore {
  /** The table can be used once it resolves; one that exists already is left as it is. */
  createTable(table: TableSettings): Promise<void>;
  /** Throws `AwsError` with the service's own code and message. */
  run(action: string, input: Json): Promise<Json>;
  close(): Promise<void>;
}

export interface DynamoDb extends AwsService {
  createTable(table: TableSettings): Promise<void>;
  close(): Promise<void>;
}

/** Actions that use request units, and say how many when asked. */
const METERED: ReadonlyMap<string, 'read' | 'write'> = new Map([
  ['GetItem', 'read'],
  ['BatchGetItem', 'read'],
  ['Query', 'read'],
  ['Scan', 'read'],
  ['PutItem', 'write'],
  ['UpdateItem', 'write'],
  ['DeleteItem', 'write'],
  ['BatchWriteItem', 'write'],
]);

/**
 * DynamoDB: dynalite's own actions in this process, without HTTP and timers, or with `endpoint` another
 * DynamoDB (`AWS_ENDPOINT_URL_DYNAMODB`). Nothing expires: dynalite knows no time to live.
 */
export function createDynamoDb(deps: { endpoint?: string; region: string }): DynamoDb {
  const store =
    deps.endpoint === undefined ? createDynaliteStore() : createForwarder(deps.endpoint, deps.region);
  return {
    createTable: (table) => store.createTable(table),
    close: () => store.close(),
    async call(action, input, context) {
      const kind = METERED.get(action);
      if (kind === undefined) return store.run(action, input);
      try {
        const output = await store.run(action, { ...input, ReturnConsumedCapacity: 'TOTAL' });
        context.useUnits({ [kind]: sumUnits(output.ConsumedCapacity) });
        return input.ReturnConsumedCapacity === 'TOTAL' ? output : withoutCapacity(output);
      } catch (error) {
        // A write whose condition fails is charged like the write that it was not, at least one unit.
        if (error instanceof AwsError && error.code === 'ConditionalCheckFailedException') {
          context.useUnits({ write: 1 });
        }
        throw error;
      }
    },
  };
}

function withoutCapacity(output: Json): Json {
  const { ConsumedCapacity: _, ...rest } = output;
  return rest;
}

/** One table's figure, or a list of them from a batch. */
function sumUnits(capacity: unknown): number {
  if (Array.isArray(capacity)) return capacity.reduce<number>((sum, one) => sum + sumUnits(one), 0);
  if (typeof capacity !== 'object' || capacity === null || !('CapacityUnits' in capacity)) return 0;
  return typeof capacity.CapacityUnits === 'number' ? capacity.CapacityUnits : 0;
}

import { AwsError, type AwsService, type Json } from '../aws-calls.ts';
import { createDynaliteStore } from './dynalite-store.ts';
import { createForwarder } from './forwarder.ts';
import type { DynamoDbStore } from './store.ts';

export interface DynamoDb extends AwsService, Pick<DynamoDbStore, 'createTable' | 'importItems'> {
  close(): Promise<void>;
}

/** Actions that use request units. They return the number on request. */
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
 * DynamoDB. Default: dynalite's actions in this process, without HTTP and timers. With `endpoint`
 * (`AWS_ENDPOINT_URL_DYNAMODB`): the DynamoDB at that URL. Items do not expire: dynalite has no time to live.
 */
export function createDynamoDb(deps: { endpoint?: string; region: string }): DynamoDb {
  const store =
    deps.endpoint === undefined ? createDynaliteStore() : createForwarder(deps.endpoint, deps.region);
  return {
    createTable: (table) => store.createTable(table),
    importItems: (tableName, items) => store.importItems(tableName, items),
    close: () => store.close(),
    async call(action, input, context) {
      const kind = METERED.get(action);
      if (kind === undefined) return store.run(action, input);
      try {
        const output = await store.run(action, { ...input, ReturnConsumedCapacity: 'TOTAL' });
        for (const { table, units } of unitsOf(output.ConsumedCapacity))
          context.useUnits({ table, [kind]: units });
        return input.ReturnConsumedCapacity === 'TOTAL' ? output : withoutCapacity(output);
      } catch (error) {
        // DynamoDB charges a write whose condition fails at least one unit.
        if (error instanceof AwsError && error.code === 'ConditionalCheckFailedException') {
          context.useUnits({ table: String(input.TableName), write: 1 });
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

/** A batch returns a list with one entry for each table; other actions return one entry. */
function unitsOf(capacity: unknown): { readonly table: string; readonly units: number }[] {
  if (Array.isArray(capacity)) return capacity.flatMap(unitsOf);
  if (typeof capacity !== 'object' || capacity === null) return [];
  if (!('CapacityUnits' in capacity) || !('TableName' in capacity)) return [];
  const { CapacityUnits: units, TableName: table } = capacity;
  return typeof units === 'number' ? [{ table: String(table), units }] : [];
}

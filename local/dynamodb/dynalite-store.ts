import batchGetItem from 'dynalite/actions/batchGetItem.js';
import batchWriteItem from 'dynalite/actions/batchWriteItem.js';
import createTable from 'dynalite/actions/createTable.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import describeTable from 'dynalite/actions/describeTable.js';
import getItem from 'dynalite/actions/getItem.js';
import listTables from 'dynalite/actions/listTables.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import updateItem from 'dynalite/actions/updateItem.js';
import conditionParser from 'dynalite/db/conditionParser.js';
import db from 'dynalite/db/index.js';
import updateParser from 'dynalite/db/updateParser.js';
import batchGetItemRules from 'dynalite/validations/batchGetItem.js';
import batchWriteItemRules from 'dynalite/validations/batchWriteItem.js';
import createTableRules from 'dynalite/validations/createTable.js';
import deleteItemRules from 'dynalite/validations/deleteItem.js';
import describeTableRules from 'dynalite/validations/describeTable.js';
import getItemRules from 'dynalite/validations/getItem.js';
import validations from 'dynalite/validations/index.js';
import listTablesRules from 'dynalite/validations/listTables.js';
import putItemRules from 'dynalite/validations/putItem.js';
import queryRules from 'dynalite/validations/query.js';
import scanRules from 'dynalite/validations/scan.js';
import updateItemRules from 'dynalite/validations/updateItem.js';
import { AwsError, type Json } from '../aws-calls.ts';
import { describeNewTable } from './create-table.ts';
import { readErrorBody } from './error-body.ts';
import { createMemoryItems } from './memory-items.ts';
import { parseOnce } from './parse-once.ts';
import type { DynamoDbStore } from './store.ts';

type Store = ReturnType<typeof db.create>;

const ACTIONS = new Map([
  ['BatchGetItem', { run: batchGetItem, rules: batchGetItemRules }],
  ['BatchWriteItem', { run: batchWriteItem, rules: batchWriteItemRules }],
  ['CreateTable', { run: createTable, rules: createTableRules }],
  ['DeleteItem', { run: deleteItem, rules: deleteItemRules }],
  ['DescribeTable', { run: describeTable, rules: describeTableRules }],
  ['GetItem', { run: getItem, rules: getItemRules }],
  ['ListTables', { run: listTables, rules: listTablesRules }],
  ['PutItem', { run: putItem, rules: putItemRules }],
  ['Query', { run: query, rules: queryRules }],
  ['Scan', { run: scan, rules: scanRules }],
  ['UpdateItem', { run: updateItem, rules: updateItemRules }],
]);

// dynalite's checks call the parsers of these modules and accept no other parser.
for (const parser of [conditionParser, updateParser]) parser.parse = parseOnce(parser.parse);

/**
 * Calls dynalite's checks and actions as its HTTP handler does. The handler itself is not used: it ends the process
 * when a client aborts a request.
 */
export function createDynaliteStore(): DynamoDbStore {
  const store = withMemoryItems(db.create({ createTableMs: 0 }));
  const running = new Set<Promise<unknown>>();
  let closed = false;

  const runAction = (name: string, input: Json): Promise<Json> =>
    new Promise((resolve, reject) => {
      const action = ACTIONS.get(name);
      if (action === undefined) {
        reject(
          new AwsError({
            code: 'UnknownOperationException',
            message: `The local cloud's DynamoDB does not support ${name}; it supports ${[...ACTIONS.keys()].join(', ')}.`,
          }),
        );
        return;
      }
      const { types, custom } = action.rules;
      try {
        // A copy of the fields: dynalite removes unknown ones from the object that it checks. The result is a copy as a whole.
        const checked = validations.checkTypes({ ...input }, types);
        validations.checkValidations(checked, types, custom, store);
        action.run(store, checked, (error, output = {}) => {
          if (error) reject(toAwsError(error));
          else resolve(output);
        });
      } catch (error) {
        reject(toAwsError(error));
      }
    });

  const run = (name: string, input: Json): Promise<Json> => {
    if (closed) return Promise.reject(new Error('the local DynamoDB is closed'));
    const result = runAction(name, input).finally(() => running.delete(result));
    running.add(result);
    return result;
  };

  return {
    run,
    async importItems(tableName, items) {
      const { Table: table } = await run('DescribeTable', { TableName: tableName });
      const puts = items.map((value) => ({ type: 'put' as const, key: db.createKey(value, table), value }));
      await new Promise<void>((resolve, reject) => {
        store.getItemDb(tableName).batch(puts, (error) => (error ? reject(error) : resolve()));
      });
    },
    async createTable(table) {
      const { TableDescription: description } = await run('CreateTable', describeNewTable(table));
      if (typeof description !== 'object') throw new Error('dynalite did not describe the new table');
      // dynalite does the same in a timer. A virtual clock does not run that timer while this call waits.
      const active = { ...description, TableStatus: 'ACTIVE' };
      await new Promise<void>((resolve, reject) => {
        store.tableDb.put(table.name, active, (error) => (error ? reject(error) : resolve()));
      });
    },
    async close() {
      closed = true;
      // A query of dynalite reads the database in a callback, and throws there if the database is closed.
      await Promise.allSettled(running);
      await new Promise<void>((resolve, reject) => {
        store.db.close((error) => (error ? reject(error) : resolve()));
      });
    },
  };
}

/** Replaces dynalite's database of items, and reads the description of an active table once: no action changes it. */
function withMemoryItems(store: Store): Store {
  const { getTable, getItemDb } = store;
  const items = new Map<string, ReturnType<Store['getItemDb']>>();
  const tables = new Map<string, unknown>();
  store.getItemDb = (name) => {
    const known = items.get(name) ?? { ...createMemoryItems(), lock: getItemDb(name).lock };
    items.set(name, known);
    return known;
  };
  store.getTable = (name, ...rest) => {
    const [callback] = rest;
    // Only DescribeTable has another argument before its callback.
    if (typeof callback !== 'function') return getTable(name, ...rest);
    const known = tables.get(name);
    if (known !== undefined) return callback(null, known);
    getTable(name, (error: unknown, table: unknown) => {
      if (isActive(table)) tables.set(name, table);
      callback(error, table);
    });
  };
  return store;
}

function isActive(table: unknown): boolean {
  return typeof table === 'object' && table !== null && Reflect.get(table, 'TableStatus') === 'ACTIVE';
}

/** dynalite's expected errors have a status and a body; any other error is a defect in dynalite. */
function toAwsError(error: unknown): unknown {
  if (!(error instanceof Error) || !('statusCode' in error) || !('body' in error)) return error;
  return readErrorBody(error.body, Number(error.statusCode)) ?? error;
}

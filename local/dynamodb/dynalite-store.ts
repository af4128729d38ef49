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
import db from 'dynalite/db/index.js';
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
import { AwsError, type Json } from '../calls.ts';
import { describeNewTable } from './create-table.ts';
import { readErrorBody } from './error-body.ts';
import type { DynamoDbStore } from './service.ts';

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

/**
 * dynalite's checks and actions, called as its HTTP handler calls them. The handler itself is left out: it
 * ends the process when a client aborts a request.
 */
export function createDynaliteStore(): DynamoDbStore {
  const store = db.create({ createTableMs: 0 });
  const underWay = new Set<Promise<unknown>>();
  let closed = false;

  const act = (name: string, input: Json): Promise<Json> =>
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
        // dynalite takes fields out of what it checks: that must not be the caller's own input.
        const checked = validations.checkTypes(structuredClone(input), types);
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
    if (closed) return Promise.reject(new Error('the tables are closed'));
    const acting = act(name, input).finally(() => underWay.delete(acting));
    underWay.add(acting);
    return acting;
  };

  return {
    run,
    async createTable(table) {
      const { TableDescription: description } = await run('CreateTable', describeNewTable(table));
      if (typeof description !== 'object') throw new Error('dynalite did not describe the new table');
      // dynalite does the same in a timer. Under a virtual clock, that timer would not run while this call waits for it.
      const active = { ...description, TableStatus: 'ACTIVE' };
      await new Promise<void>((resolve, reject) => {
        store.tableDb.put(table.name, active, (error) => (error ? reject(error) : resolve()));
      });
    },
    async close() {
      closed = true;
      // In the middle of a query dynalite reads the database in a callback. Closed by then, it throws there.
      await Promise.allSettled(underWay);
      await new Promise<void>((resolve, reject) => {
        store.db.close((error) => (error ? reject(error) : resolve()));
      });
    },
  };
}

/** dynalite's refusals carry a status and a body; anything else is a fault of its own. */
function toAwsError(error: unknown): unknown {
  if (!(error instanceof Error) || !('statusCode' in error) || !('body' in error)) return error;
  return readErrorBody(error.body, Number(error.statusCode)) ?? error;
}

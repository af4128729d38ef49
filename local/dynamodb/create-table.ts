import type { Json } from '../aws-calls.ts';
import type { TableSettings } from './store.ts';

/** The input of CreateTable for a table. */
export function describeNewTable({ name, partitionKey, sortKey }: TableSettings): Json {
  const keys = [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    ...(sortKey === undefined ? [] : [{ AttributeName: sortKey, KeyType: 'RANGE' }]),
  ];
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keys,
    AttributeDefinitions: keys.map(({ AttributeName }) => ({ AttributeName, AttributeType: 'S' })),
  };
}

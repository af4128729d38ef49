import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** DynamoDB: one write unit for each started 1 KiB of an item. */
const WRITE_UNIT_BYTES = 1024;

/** Bytes of a list or a map in addition to its entries, and of each entry in addition to its value. */
const CONTAINER_BYTES = 3;
const ENTRY_BYTES = 1;

/**
 * The size that DynamoDB bills, in bytes: names and values in UTF-8. The size of a number is an upper bound.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(item: Readonly<Record<string, AttributeValue>>): number {
  return sum(Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + valueSize(value)));
}

export function writeUnits(bytes: number): number {
  return Math.ceil(bytes / WRITE_UNIT_BYTES);
}

function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  if (value.B !== undefined) return value.B.byteLength;
  if (value.L !== undefined) {
    return CONTAINER_BYTES + sum(value.L.map((entry) => ENTRY_BYTES + valueSize(entry)));
  }
  if (value.M !== undefined) {
    return CONTAINER_BYTES + ENTRY_BYTES * Object.keys(value.M).length + itemSize(value.M);
  }
  return 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { toAttributes } from './attribute-values.ts';

/** An item as a JavaScript object. Its attributes are not validated. */
export type Item = Readonly<Record<string, unknown>>;

/** Converts an item for the SDK. Undefined attributes, also those of nested maps, are omitted. */
export function encodeItem(item: Item): Record<string, AttributeValue> {
  return toAttributes(item);
}

/** Never throws: a number with more digits than JavaScript supports is rounded. The caller validates the item. */
export function decodeItem(item: Record<string, AttributeValue>): Item {
  return unmarshall(item, { wrapNumbers: Number });
}

export function isMap(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Parses each entry of a list. Undefined when the value is not a list, or an entry cannot be parsed. */
export function listOf<T>(value: unknown, parse: (entry: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries = value.map(parse);
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
}

type Present<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** Removes the fields that are undefined. */
export function present<Fields extends object>(fields: Fields): Present<Fields>;
export function present(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

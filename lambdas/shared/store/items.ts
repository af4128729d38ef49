import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** An item in plain JavaScript: nothing about its attributes is known yet. */
export type Item = Readonly<Record<string, unknown>>;

/** An item as the SDK wants it. Undefined attributes, also those of nested maps, are left out. */
export function encodeItem(item: Item): Record<string, AttributeValue> {
  return marshall(item, { removeUndefinedValues: true });
}

/** Never throws: a number of more digits than ours have loses some, and is for whoever parses the item to judge. */
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

/** All of them parsed, or undefined when the value is no list or one does not parse. */
export function listOf<T>(value: unknown, parse: (entry: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries = value.map(parse);
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
}

type Present<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** Without the fields that are undefined: an optional field is left out, never there and empty. */
export function present<Fields extends object>(fields: Fields): Present<Fields>;
export function present(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

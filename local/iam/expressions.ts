import { isJsonObject } from '../../lambdas/shared/domain/json-object.ts';
import type { Json } from '../aws-calls.ts';

/** Keywords of DynamoDB's expression language. */
const KEYWORDS = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'IN', 'SET', 'REMOVE', 'ADD', 'DELETE']);

/** The first name of a path, such as `#status` or `attempt_1`, and whether it is a function, such as `size(`. Values begin with `:`. */
const TOKEN = /:[A-Za-z0-9_]+|\.\s*#?[A-Za-z_][A-Za-z0-9_]*|(#?[A-Za-z_][A-Za-z0-9_]*)(\s*\()?/g;

/** The top-level attributes in an expression, with placeholders resolved. */
export function attributesIn(expression: string, names: Json): string[] {
  const found = new Set<string>();
  for (const [, name, call] of expression.matchAll(TOKEN)) {
    if (name === undefined || call !== undefined || KEYWORDS.has(name.toUpperCase())) continue;
    found.add(resolveName(name, names));
  }
  return [...found];
}

/** The value of the partition key in a key condition; undefined if there is none. */
export function partitionKeyIn(input: Json, partitionKey: string): string | undefined {
  const names = objectIn(input.ExpressionAttributeNames);
  const values = objectIn(input.ExpressionAttributeValues);
  const expression = typeof input.KeyConditionExpression === 'string' ? input.KeyConditionExpression : '';
  for (const [, left = '', right = ''] of expression.matchAll(/([#:]?\w+)\s*=\s*([#:]?\w+)/g)) {
    const [name, value] = left.startsWith(':') ? [right, left] : [left, right];
    if (resolveName(name, names) === partitionKey) return textOf(values[value]);
  }
  return undefined;
}

/** The string or number of an attribute value; the types of keys. */
export function textOf(value: unknown): string | undefined {
  const { S: text, N: number } = objectIn(value);
  if (typeof text === 'string') return text;
  return typeof number === 'string' ? number : undefined;
}

export function objectIn(value: unknown): Json {
  return isJsonObject(value) ? value : {};
}

function resolveName(name: string, names: Json): string {
  const resolved = name.startsWith('#') ? names[name] : name;
  return typeof resolved === 'string' ? resolved : name;
}

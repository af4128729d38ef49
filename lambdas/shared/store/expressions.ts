import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

/**
 * A piece of an expression. It is written down when the request is built, where every name and value gets
 * a placeholder: no attribute name ever collides with one of DynamoDB's reserved words.
 */
export type Clause = (terms: Terms) => string;

interface Terms {
  /** A path, with dots between a map and its fields. */
  name(path: string): string;
  value(value: unknown): string;
}

export const exists =
  (path: string): Clause =>
  (terms) =>
    `attribute_exists(${terms.name(path)})`;

export const absent =
  (path: string): Clause =>
  (terms) =>
    `attribute_not_exists(${terms.name(path)})`;

export const equals =
  (path: string, value: unknown): Clause =>
  (terms) =>
    `${terms.name(path)} = ${terms.value(value)}`;

/** True where the attribute is absent, too. */
export const differs =
  (path: string, value: unknown): Clause =>
  (terms) =>
    `(attribute_not_exists(${terms.name(path)}) OR ${terms.name(path)} <> ${terms.value(value)})`;

/** In text order. False where the attribute is absent. */
export const isBefore =
  (path: string, value: string): Clause =>
  (terms) =>
    `${terms.name(path)} < ${terms.value(value)}`;

export const beginsWith =
  (path: string, prefix: string): Clause =>
  (terms) =>
    `begins_with(${terms.name(path)}, ${terms.value(prefix)})`;

export const allOf =
  (...clauses: readonly Clause[]): Clause =>
  (terms) =>
    `(${clauses.map((clause) => clause(terms)).join(' AND ')})`;

export const anyOf =
  (...clauses: readonly Clause[]): Clause =>
  (terms) =>
    `(${clauses.map((clause) => clause(terms)).join(' OR ')})`;

/** What another attribute holds before the update; only among the values that an update sets. */
export const valueAt =
  (path: string): Clause =>
  (terms) =>
    terms.name(path);

export interface Update {
  /** Values by attribute. One that is undefined is left as it is. */
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly when?: Clause;
}

export interface UpdateExpressions {
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

export function updateExpressions(update: Update): UpdateExpressions {
  const terms = createTerms();
  const settings = Object.entries(update.set ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([path, value]) => `${terms.name(path)} = ${isClause(value) ? value(terms) : terms.value(value)}`);
  const removals = (update.remove ?? []).map((path) => terms.name(path));
  const expression = [
    ...(settings.length > 0 ? [`SET ${settings.join(', ')}`] : []),
    ...(removals.length > 0 ? [`REMOVE ${removals.join(', ')}`] : []),
  ].join(' ');
  const condition = update.when?.(terms);
  return {
    ...(expression === '' ? {} : { UpdateExpression: expression }),
    ...(condition === undefined ? {} : { ConditionExpression: condition }),
    ...terms.attributes(),
  };
}

export function conditionExpressions(when: Clause): Omit<UpdateExpressions, 'UpdateExpression'> {
  const { UpdateExpression: _, ...expressions } = updateExpressions({ when });
  return expressions;
}

export interface ReadExpressions {
  readonly KeyConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

export function readExpressions(read: { keys?: Clause; filter?: Clause }): ReadExpressions {
  const terms = createTerms();
  const keys = read.keys?.(terms);
  const filter = read.filter?.(terms);
  return {
    ...(keys === undefined ? {} : { KeyConditionExpression: keys }),
    ...(filter === undefined ? {} : { FilterExpression: filter }),
    ...terms.attributes(),
  };
}

type Attributes = Pick<UpdateExpressions, 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>;

function createTerms(): Terms & { attributes(): Attributes } {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  return {
    name: (path) =>
      path
        .split('.')
        .map((part) => {
          names[`#${part}`] = part;
          return `#${part}`;
        })
        .join('.'),
    value: (value) => {
      const placeholder = `:v${Object.keys(values).length}`;
      values[placeholder] = value;
      return placeholder;
    },
    attributes: () => ({
      ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: names } : {}),
      // DynamoDB refuses an empty map of values.
      ...(Object.keys(values).length > 0
        ? { ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true }) }
        : {}),
    }),
  };
}

function isClause(value: unknown): value is Clause {
  return typeof value === 'function';
}

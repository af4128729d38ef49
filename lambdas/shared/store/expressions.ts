import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { toAttributes } from './attribute-values.ts';
import { isMap } from './items.ts';

/**
 * A part of an expression. Its text is created with the request, which replaces every name and value by a placeholder:
 * an attribute name therefore never collides with a reserved word of DynamoDB.
 */
export interface Clause {
  readonly text: (terms: Terms) => string;
  /** The operator between its parts, if it has several. */
  readonly joinedBy?: 'AND' | 'OR';
}

interface Terms {
  /** `path` has dots between a map and its fields. */
  name(path: string): string;
  value(value: unknown): string;
}

export function exists(path: string): Clause {
  return { text: (terms) => `attribute_exists(${terms.name(path)})` };
}

export function absent(path: string): Clause {
  return { text: (terms) => `attribute_not_exists(${terms.name(path)})` };
}

/** False when the attribute is absent. */
export function equals(path: string, value: unknown): Clause {
  return { text: (terms) => `${terms.name(path)} = ${terms.value(value)}` };
}

/** True also when the attribute is absent. */
export function differs(path: string, value: unknown): Clause {
  // A comparison with an absent attribute is false, so its `NOT` is true.
  return { text: (terms) => `NOT ${terms.name(path)} = ${terms.value(value)}` };
}

/** Compares texts by their order and numbers by their size. False when the attribute is absent. */
export function isBefore(path: string, value: string | number): Clause {
  return { text: (terms) => `${terms.name(path)} < ${terms.value(value)}` };
}

/** False when the attribute is absent. */
export function isAtLeast(path: string, value: number): Clause {
  return { text: (terms) => `${terms.name(path)} >= ${terms.value(value)}` };
}

/** As `isBefore`, or equal. */
export function isAtMost(path: string, value: string): Clause {
  return { text: (terms) => `${terms.name(path)} <= ${terms.value(value)}` };
}

/** Both ends included. */
export function isBetween(path: string, lowest: string, highest: string): Clause {
  return {
    text: (terms) => `${terms.name(path)} BETWEEN ${terms.value(lowest)} AND ${terms.value(highest)}`,
  };
}

export function beginsWith(path: string, prefix: string): Clause {
  return { text: (terms) => `begins_with(${terms.name(path)}, ${terms.value(prefix)})` };
}

/** The value of another attribute before the update. Allowed only as a value that an update sets. */
export function valueAt(path: string): Clause {
  return { text: (terms) => terms.name(path) };
}

/** The value of an attribute, or this value when it is absent. Allowed only as a value that an update sets. */
export function valueOr(path: string, value: unknown): Clause {
  return { text: (terms) => `if_not_exists(${terms.name(path)}, ${terms.value(value)})` };
}

/**
 * True when all clauses are true. Throws without clauses. Only necessary parentheses are written: DynamoDB refuses
 * redundant ones, and each level doubles the time that dynalite's parser needs.
 */
export function allOf(...clauses: readonly Clause[]): Clause {
  const [only, ...others] = clauses;
  if (only === undefined) throw new TypeError('allOf needs at least one clause');
  if (others.length === 0) return only;
  const part = ({ text, joinedBy }: Clause, terms: Terms): string =>
    joinedBy === 'OR' ? `(${text(terms)})` : text(terms);
  return {
    text: (terms) => clauses.map((clause) => part(clause, terms)).join(' AND '),
    joinedBy: 'AND',
  };
}

export function anyOf(...clauses: readonly [Clause, ...Clause[]]): Clause {
  const [only, ...others] = clauses;
  if (others.length === 0) return only;
  // AND binds tighter than OR.
  return { text: (terms) => clauses.map(({ text }) => text(terms)).join(' OR '), joinedBy: 'OR' };
}

export interface Update {
  /** Values by attribute. An attribute whose value is undefined does not change. */
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  /**
   * Numbers that are added, by attribute, and texts that are added to a set. An absent attribute counts as 0 or as an
   * empty set.
   */
  readonly add?: Readonly<Record<string, number | ReadonlySet<string>>>;
  /** Texts that are removed from a set, by attribute. */
  readonly delete?: Readonly<Record<string, ReadonlySet<string>>>;
  readonly when?: Clause;
}

interface UpdateExpressions {
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

export function updateExpressions(update: Update): UpdateExpressions {
  const terms = createTerms();
  const settings = Object.entries(update.set ?? {})
    .filter(([, value]) => value !== undefined)
    .map(
      ([path, value]) => `${terms.name(path)} = ${isClause(value) ? value.text(terms) : terms.value(value)}`,
    );
  const removals = (update.remove ?? []).map((path) => terms.name(path));
  const additions = Object.entries(update.add ?? {}).map(
    ([path, value]) => `${terms.name(path)} ${terms.value(value)}`,
  );
  const deletions = Object.entries(update.delete ?? {}).map(
    ([path, value]) => `${terms.name(path)} ${terms.value(value)}`,
  );
  const expression = [
    ...(settings.length > 0 ? [`SET ${settings.join(', ')}`] : []),
    ...(removals.length > 0 ? [`REMOVE ${removals.join(', ')}`] : []),
    ...(additions.length > 0 ? [`ADD ${additions.join(', ')}`] : []),
    ...(deletions.length > 0 ? [`DELETE ${deletions.join(', ')}`] : []),
  ].join(' ');
  const condition = update.when?.text(terms);
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

interface ReadExpressions {
  readonly KeyConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

export function readExpressions(read: { keys?: Clause; filter?: Clause }): ReadExpressions {
  const terms = createTerms();
  const keys = read.keys?.text(terms);
  const filter = read.filter?.text(terms);
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
      ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: toAttributes(values) } : {}),
    }),
  };
}

function isClause(value: unknown): value is Clause {
  return isMap(value) && typeof value.text === 'function';
}

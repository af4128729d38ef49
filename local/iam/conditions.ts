import { listOf, matchesGlob, type RequestContext, type Statement } from './policy.ts';

/** Whether one key's values in the request satisfy an operator's values in the policy. */
type Operator = (actual: readonly string[] | undefined, expected: readonly string[]) => boolean;

type Compare = (expected: string, actual: string) => boolean;

const equal: Compare = (expected, actual) => expected === actual;
const equalIgnoringCase: Compare = (expected, actual) => expected.toLowerCase() === actual.toLowerCase();

/** A value of the request is among the policy's. False for an absent key. */
const anyOf =
  (compare: Compare): Operator =>
  (actual, expected) =>
    actual?.some((one) => expected.some((other) => compare(other, one))) ?? false;

/** No value of the request is among the policy's. True for an absent key. */
const noneOf =
  (compare: Compare): Operator =>
  (actual, expected) =>
    !anyOf(compare)(actual, expected);

/** Every value of the request is among the policy's. True for an absent key, so policies add `Null`. */
const allOf =
  (compare: Compare): Operator =>
  (actual, expected) =>
    actual?.every((one) => expected.some((other) => compare(other, one))) ?? true;

/** `"true"` requires that the key is absent, `"false"` that it is present. */
const isNull: Operator = (actual, expected) => expected.includes(String(actual === undefined));

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['StringEquals', anyOf(equal)],
  ['StringNotEquals', noneOf(equal)],
  ['StringLike', anyOf(matchesGlob)],
  ['StringNotLike', noneOf(matchesGlob)],
  ['ArnEquals', anyOf(matchesGlob)],
  ['ArnLike', anyOf(matchesGlob)],
  ['Bool', anyOf(equalIgnoringCase)],
  ['Null', isNull],
  ['ForAllValues:StringEquals', allOf(equal)],
  ['ForAllValues:StringLike', allOf(matchesGlob)],
]);

/** Throws on an unsupported condition operator. */
export function checkOperators(condition: Statement['Condition']): void {
  const unknown = Object.keys(condition ?? {}).find((name) => !OPERATORS.has(name));
  if (unknown !== undefined) {
    const known = [...OPERATORS.keys()].join(', ');
    throw new Error(`IAM: unknown condition operator ${unknown}; the local cloud supports ${known}`);
  }
}

/** Whether a request satisfies all conditions of a statement. Keys are case-insensitive. */
export function satisfies(condition: Statement['Condition'], context: RequestContext): boolean {
  checkOperators(condition);
  const present = new Map(Object.entries(context).map(([key, values]) => [key.toLowerCase(), values]));
  return Object.entries(condition ?? {}).every(([name, keys]) =>
    Object.entries(keys).every(([key, expected]) =>
      OPERATORS.get(name)?.(present.get(key.toLowerCase()), listOf(expected).map(String)),
    ),
  );
}

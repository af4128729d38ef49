import { listOf, matchesGlob, type RequestContext, type Statement } from './policy.ts';

/** Whether one key's values in the request satisfy an operator's values in the policy. */
type Operator = (actual: readonly string[] | undefined, wanted: readonly string[]) => boolean;

type Compare = (wanted: string, actual: string) => boolean;

const equal: Compare = (wanted, actual) => wanted === actual;
const equalIgnoringCase: Compare = (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase();

/** Some value of the request is among the policy's; an absent key satisfies nothing. */
const anyOf =
  (compare: Compare): Operator =>
  (actual, wanted) =>
    actual?.some((one) => wanted.some((other) => compare(other, one))) ?? false;

/** No value of the request is among the policy's; an absent key satisfies it. */
const noneOf =
  (compare: Compare): Operator =>
  (actual, wanted) =>
    !anyOf(compare)(actual, wanted);

/** Every value of the request is among the policy's; an absent key satisfies it too: hence `Null` beside it. */
const allOf =
  (compare: Compare): Operator =>
  (actual, wanted) =>
    actual?.every((one) => wanted.some((other) => compare(other, one))) ?? true;

/** `"true"` wants the key absent, `"false"` present. */
const isNull: Operator = (actual, wanted) => wanted.includes(String(actual === undefined));

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

/** Throws at a condition operator that the evaluator does not know. */
export function checkOperators(condition: Statement['Condition']): void {
  const unknown = Object.keys(condition ?? {}).find((name) => !OPERATORS.has(name));
  if (unknown !== undefined) {
    const known = [...OPERATORS.keys()].join(', ');
    throw new Error(`IAM: unknown condition operator ${unknown}; the local cloud knows ${known}`);
  }
}

/** Whether a request satisfies all of a statement's conditions. Keys are compared without regard to case. */
export function satisfies(condition: Statement['Condition'], context: RequestContext): boolean {
  checkOperators(condition);
  const present = new Map(Object.entries(context).map(([key, values]) => [key.toLowerCase(), values]));
  return Object.entries(condition ?? {}).every(([name, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      OPERATORS.get(name)?.(present.get(key.toLowerCase()), listOf(wanted).map(String)),
    ),
  );
}

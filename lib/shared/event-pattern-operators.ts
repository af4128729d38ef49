import { isIP } from 'node:net';
import { isRecord, show } from './input.ts';

/**
 * The comparison operators of an event pattern, by name. The local cloud evaluates all of them.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export const OPERATOR_NAMES = [
  'prefix',
  'suffix',
  'equals-ignore-case',
  'wildcard',
  'anything-but',
  'numeric',
  'cidr',
  'exists',
] as const;
export type OperatorName = (typeof OPERATOR_NAMES)[number];

/** Returns what is wrong with an operator's operand, or undefined when EventBridge accepts it. */
type Check = (operand: unknown) => string | undefined;

/** EventBridge compares numbers from -5e9 to 5e9, with at most six digits after the decimal point. */
const MAX_NUMBER = 5e9;
const MAX_DECIMALS = 6;

/** The most mask bits of a CIDR range, by IP version. EventBridge refuses a range of a single address. */
const MAX_MASK_BITS: Readonly<Record<number, number>> = { 4: 31, 6: 127 };

const CHECKS: Readonly<Record<OperatorName, Check>> = {
  prefix: checkAffix,
  suffix: checkAffix,
  'equals-ignore-case': checkText,
  wildcard: checkWildcard,
  'anything-but': checkAnythingBut,
  numeric: checkNumeric,
  cidr: checkCidr,
  exists: (operand) => (typeof operand === 'boolean' ? undefined : 'must be true or false'),
};

/** Operators that EventBridge accepts within `anything-but`, with one text or a list of texts. */
const NEGATABLE: readonly string[] = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

/** What is wrong with `{<operator>: <operand>}`, one alternative of a field. Undefined when EventBridge accepts it. */
export function checkOperator(alternative: Record<string, unknown>): string | undefined {
  const [name, ...others] = Object.keys(alternative);
  if (name === undefined || others.length > 0) return `${show(alternative)} must have exactly one operator`;
  if (!isOperatorName(name)) {
    return `${show(name)} is not an operator of EventBridge; its operators are: ${OPERATOR_NAMES.join(', ')}`;
  }
  const problem = CHECKS[name](alternative[name]);
  return problem === undefined ? undefined : `${name} ${problem}, got ${show(alternative[name])}`;
}

function isOperatorName(name: string): name is OperatorName {
  return (OPERATOR_NAMES as readonly string[]).includes(name);
}

/** A value that CloudFormation resolves at deployment, such as `{Ref: "AWS::AccountId"}`. */
export function isIntrinsic(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const [name = '', ...others] = Object.keys(value);
  return others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'));
}

function isText(operand: unknown): boolean {
  return typeof operand === 'string' || isIntrinsic(operand);
}

function checkText(operand: unknown): string | undefined {
  return isText(operand) ? undefined : 'must be a text';
}

/** A prefix or suffix: a text, or `equals-ignore-case` with a text. */
function checkAffix(operand: unknown): string | undefined {
  if (isText(operand)) return undefined;
  const isIgnoringCase =
    isRecord(operand) && Object.keys(operand).length === 1 && isText(operand['equals-ignore-case']);
  return isIgnoringCase ? undefined : 'must be a text or {"equals-ignore-case": <text>}';
}

/** A backslash escapes `*` or another backslash. Before any other character, EventBridge refuses it. */
function checkWildcard(operand: unknown): string | undefined {
  if (isIntrinsic(operand)) return undefined;
  if (typeof operand !== 'string') return 'must be a text';
  const plain = operand.replaceAll(/\\[\\*]/g, '');
  if (plain.includes('\\')) return 'may use a backslash only before * or another backslash';
  // An escaped character between two asterisks separates them.
  return /\*\*/.test(operand.replaceAll(/\\[\\*]/g, '-')) ? 'must not have two * in a row' : undefined;
}

function checkAnythingBut(operand: unknown): string | undefined {
  if (isRecord(operand) && !isIntrinsic(operand)) return checkNegated(operand);
  const values: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (values.length > 0 && values.every(isText)) return undefined;
  if (values.length > 0 && values.every(isComparable)) return undefined;
  return `must be a text, a number from -5e9 to 5e9, a list of texts, a list of such numbers, or one of {${NEGATABLE.join('}, {')}}`;
}

function checkNegated(operand: Record<string, unknown>): string | undefined {
  const [name = '', ...others] = Object.keys(operand);
  const given: unknown = operand[name];
  const texts: unknown[] = Array.isArray(given) ? given : [given];
  if (others.length > 0 || !NEGATABLE.includes(name)) return `takes one of ${NEGATABLE.join(', ')}`;
  if (texts.length === 0 || !texts.every(isText)) return `with ${name} must have a text or a list of texts`;
  if (name === 'wildcard') return texts.map(checkWildcard).find((problem) => problem !== undefined);
  const isEmptyAffix = name !== 'equals-ignore-case' && texts.includes('');
  return isEmptyAffix ? `with ${name} must not have an empty text` : undefined;
}

function isComparable(value: unknown): value is number {
  if (typeof value !== 'number' || Math.abs(value) > MAX_NUMBER) return false;
  return Number(value.toFixed(MAX_DECIMALS)) === value;
}

/** `["=", n]`, one limit, or a lower limit followed by an upper limit. */
function checkNumeric(operand: unknown): string | undefined {
  const shape = 'must be like ["=", 5], [">", 0] or [">=", 0, "<", 5], the lower limit first';
  if (!Array.isArray(operand)) return shape;
  const [first, low, second, high, ...others]: unknown[] = operand;
  const isOne = operand.length === 2 && ['=', '<', '<=', '>', '>='].includes(String(first));
  const isRange =
    others.length === 0 && ['>', '>='].includes(String(first)) && ['<', '<='].includes(String(second));
  if (!isOne && !isRange) return shape;
  const numbers = isOne ? [low] : [low, high];
  if (!numbers.every(isComparable)) {
    return `must compare with numbers from -5e9 to 5e9 of at most ${MAX_DECIMALS} decimals`;
  }
  return isRange && Number(low) >= Number(high) ? 'must have a lower limit below the upper one' : undefined;
}

function checkCidr(operand: unknown): string | undefined {
  if (isIntrinsic(operand)) return undefined;
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(String(operand)) ?? [];
  const maximum = MAX_MASK_BITS[isIP(address)];
  if (typeof operand !== 'string' || maximum === undefined) return 'must be a range such as "10.0.0.0/24"';
  return Number(bits) > maximum ? `must have at most ${maximum} mask bits` : undefined;
}

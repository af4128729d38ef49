import { checkOperator, isIntrinsic, OPERATOR_NAMES } from './event-pattern-operators.ts';
import { accept, isRecord, type ParseResult, refuse, shorten, show } from './input.ts';

/** The fields of an event. Replayed events have `replay-name`. A pattern with any other field matches no event. */
const EVENT_FIELDS: readonly string[] = [
  'version',
  'id',
  'detail-type',
  'source',
  'account',
  'time',
  'region',
  'resources',
  'detail',
  'replay-name',
];

/**
 * EventBridge quotas: the characters of a pattern (an account can have the default increased to the maximum), and the
 * number of combinations, which is the product of the lengths of its `$or` lists.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const DEFAULT_MAX_PATTERN_CHARACTERS = 2_048;
export const MAX_PATTERN_CHARACTERS = 4_096;
const MAX_COMBINATIONS = 1_000;

/** Not a limit of EventBridge: CDK resolves values of at most 200 levels. */
const MAX_DEPTH = 100;

/** The maximum number of problems that one message lists. */
const MAX_PROBLEMS = 5;

/** When an object of a `$or` list has a field of these names, EventBridge reads `$or` as the name of a field. */
const RESERVED_IN_OR: readonly string[] = [
  ...OPERATOR_NAMES,
  ...['exactly', 'html', '=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case'],
  ...['date-after', 'date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range'],
  ...['ip-address-in-range', 'ip-address-not-in-range'],
];

export interface PatternOptions {
  /** Whether values may be intrinsic functions of CloudFormation. Default: false. */
  readonly intrinsics?: boolean;
}

/**
 * The problems of an event pattern, each with its path: what EventBridge refuses, and what CDK or CloudFormation
 * would drop without an error. Empty for a pattern that can be deployed.
 *
 * Not checked, since only EventBridge can: too many or too similar wildcards, and the values of intrinsic functions.
 */
export function findPatternProblems(pattern: unknown, { intrinsics = false }: PatternOptions = {}): string[] {
  const reader = new PatternReader(intrinsics);
  if (!isRecord(pattern)) return [`it must be a JSON object, got ${show(pattern)}`];
  reader.readObject(pattern, { path: [], depth: 1, withinOr: false });
  if (reader.problems.length > 0) return firstOf(reader.problems);
  return checkLength(pattern);
}

/** Checks a pattern in JSON. Intrinsic functions of CloudFormation are refused. */
export function parseEventPattern(pattern: unknown): ParseResult<Record<string, unknown>> {
  const problems = findPatternProblems(pattern);
  return problems.length === 0 && isRecord(pattern) ? accept(pattern) : refuse(problems.join('; '));
}

/** The position of an object within the pattern. */
interface Place {
  readonly path: readonly string[];
  readonly depth: number;
  readonly withinOr: boolean;
}

/** The paths of the fields in one alternative of the whole pattern. */
type Combination = readonly string[];

class PatternReader {
  readonly problems: string[] = [];
  private readonly intrinsics: boolean;

  constructor(intrinsics: boolean) {
    this.intrinsics = intrinsics;
  }

  /** The combinations of an object's fields: one, multiplied by the length of each `$or` list in it. */
  readObject(fields: Record<string, unknown>, place: Place): Combination[] {
    const { path, depth } = place;
    if (depth > MAX_DEPTH) return this.refuse(path, `is nested in more than ${MAX_DEPTH} objects`);
    if (isIntrinsic(fields)) return this.readIntrinsic(place);
    const entries = Object.entries(fields);
    if (entries.length === 0) return this.refuse(path, 'is empty; EventBridge allows no empty object');
    let combinations: Combination[] = [[]];
    for (const [name, value] of entries) {
      const added = name === '$or' ? this.readOr(value, place) : this.readField(name, value, place);
      if (combinations.length * added.length > MAX_COMBINATIONS) return this.refuseCombinations(path);
      combinations = combinations.flatMap((one) => added.map((other) => this.join(one, other)));
    }
    return combinations;
  }

  private readField(name: string, value: unknown, { path, depth, withinOr }: Place): Combination[] {
    const here = [...path, name];
    if (path.length === 0 && !EVENT_FIELDS.includes(name)) {
      return this.refuse(here, `is not a field of an event; allowed are ${EVENT_FIELDS.join(', ')} and $or`);
    }
    // CDK assigns each field. Assigning `__proto__` sets the object's prototype and adds no field.
    if (name === '__proto__') return this.refuse(here, 'is a name that CDK drops');
    if (withinOr && RESERVED_IN_OR.includes(name)) {
      return this.refuse(here, 'is a name that EventBridge reserves within $or');
    }
    if (Array.isArray(value)) return this.readValues(value, here);
    if (isRecord(value)) return this.readObject(value, { path: here, depth: depth + 1, withinOr });
    return this.refuse(here, `must be a list, such as ${show([value ?? 'value'])}, got ${show(value)}`);
  }

  private readOr(value: unknown, { path, depth }: Place): Combination[] {
    const here = [...path, '$or'];
    if (!Array.isArray(value) || value.length < 2 || !value.every(isRecord)) {
      return this.refuse(here, `must be a list of two or more objects, got ${show(value)}`);
    }
    return value.flatMap((one) => this.readObject(one, { path, depth: depth + 1, withinOr: true }));
  }

  private readValues(values: readonly unknown[], path: readonly string[]): Combination[] {
    if (values.length === 0) return this.refuse(path, 'is an empty list; EventBridge requires a value');
    for (const value of values) {
      const problem = this.checkValue(value);
      if (problem !== undefined) this.refuse(path, problem);
    }
    return [[JSON.stringify(path)]];
  }

  private checkValue(value: unknown): string | undefined {
    if (typeof value === 'string' || typeof value === 'boolean') return undefined;
    if (typeof value === 'number') return checkNumber(value);
    if (value === null) return 'contains null; CloudFormation allows no null in a template';
    if (!isRecord(value)) return `must list texts, numbers, true, false and operators, got ${show(value)}`;
    if (!this.intrinsics && containsIntrinsic(value)) return INTRINSIC_REFUSED;
    return isIntrinsic(value) ? undefined : checkOperator(value);
  }

  private readIntrinsic({ path }: Place): Combination[] {
    // An intrinsic function may replace a list of values, but not the whole pattern, whose fields must be known.
    if (this.intrinsics && path.length > 0) return [[JSON.stringify(path)]];
    return this.refuse(path, INTRINSIC_REFUSED);
  }

  private join(one: Combination, other: Combination): Combination {
    const repeated = other.find((path) => one.includes(path));
    if (repeated === undefined) return [...one, ...other];
    // EventBridge uses only one of the two.
    this.refuse(JSON.parse(repeated), 'is given twice, within $or and beside it');
    return one;
  }

  private refuseCombinations(path: readonly string[]): Combination[] {
    return this.refuse(path, `has $or lists with more than ${MAX_COMBINATIONS} combinations`);
  }

  private refuse(path: readonly string[], problem: string): Combination[] {
    this.problems.push(`${path.length === 0 ? 'the pattern' : shorten(path.join('.'))} ${problem}`);
    return [[]];
  }
}

const INTRINSIC_REFUSED =
  'has only the name Ref or Fn::…, which CloudFormation reads as an intrinsic function';

/** Operands are two levels deep: `{"anything-but": {"prefix": …}}`. */
function containsIntrinsic(value: unknown): boolean {
  return isIntrinsic(value) || (isRecord(value) && Object.values(value).some(containsIntrinsic));
}

function checkNumber(value: number): string | undefined {
  if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return undefined;
  return `contains ${value}; a whole number above 2^53 loses digits`;
}

function firstOf(problems: readonly string[]): string[] {
  const others = problems.length - MAX_PROBLEMS;
  return [...problems.slice(0, MAX_PROBLEMS), ...(others > 0 ? [`and ${others} more problems`] : [])];
}

function checkLength(pattern: Record<string, unknown>): string[] {
  const { length } = JSON.stringify(pattern);
  if (length <= MAX_PATTERN_CHARACTERS) return [];
  return [
    `the pattern has ${length} characters of JSON; EventBridge allows at most ${MAX_PATTERN_CHARACTERS}`,
  ];
}

import { BlockList, isIP } from 'node:net';
import { isJsonObject } from '../../lambdas/shared/domain/json-object.ts';
import type { OperatorName } from '../../lib/shared/event-pattern-operators.ts';

/** Tests one value of an event; `undefined` for an absent field. */
export type Test = (value: unknown) => boolean;

/** Compiles one alternative of a field: a value to equal, or an object with one operator. */
export function compileOperator(alternative: unknown, path: string): Test {
  if (alternative === null || ['string', 'number', 'boolean'].includes(typeof alternative))
    return (value) => value === alternative;
  if (!isJsonObject(alternative))
    throw invalid(path, `${JSON.stringify(alternative)} is not a value to match`);
  const [[name, operand] = [], ...others] = Object.entries(alternative);
  const compile = name === undefined ? undefined : COMPILERS.get(name);
  if (compile === undefined || others.length > 0) {
    throw invalid(
      path,
      `${JSON.stringify(alternative)} must be one of the operators ${[...COMPILERS.keys()].join(', ')}`,
    );
  }
  return compile(operand, `${path}.${name}`);
}

type Compile = (operand: unknown, path: string) => Test;

/** Every operator that the CDK app accepts in a pattern. */
const OPERATORS: Readonly<Record<OperatorName, Compile>> = {
  prefix: (operand, path) => onString(operand, path, (text, start) => text.startsWith(start)),
  suffix: (operand, path) => onString(operand, path, (text, end) => text.endsWith(end)),
  'equals-ignore-case': equalsIgnoreCase,
  wildcard,
  exists,
  numeric,
  cidr,
  'anything-but': anythingBut,
};

const COMPILERS: ReadonlyMap<string, Compile> = new Map(Object.entries(OPERATORS));

/** `prefix` and `suffix` take a string, or an object with `equals-ignore-case`. */
function onString(operand: unknown, path: string, fits: (text: string, part: string) => boolean): Test {
  if (typeof operand === 'string') return (value) => typeof value === 'string' && fits(value, operand);
  if (isJsonObject(operand) && Object.keys(operand).length === 1) {
    const part = requireString(operand['equals-ignore-case'], path).toLowerCase();
    return (value) => typeof value === 'string' && fits(value.toLowerCase(), part);
  }
  throw invalid(path, `${JSON.stringify(operand)} must be a string`);
}

function equalsIgnoreCase(operand: unknown, path: string): Test {
  const lowerCase = requireString(operand, path).toLowerCase();
  return (value) => typeof value === 'string' && value.toLowerCase() === lowerCase;
}

/** `*` matches any characters; a backslash escapes `*` and itself. */
function wildcard(operand: unknown, path: string): Test {
  const source = requireString(operand, path).replace(/\\[\\*]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    return (part.length === 2 ? part.slice(1) : part).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  const expression = new RegExp(`^${source}$`, 's');
  return (value) => typeof value === 'string' && expression.test(value);
}

function exists(operand: unknown, path: string): Test {
  if (typeof operand !== 'boolean') throw invalid(path, `${JSON.stringify(operand)} must be true or false`);
  return (value) => (value !== undefined) === operand;
}

const COMPARISONS: ReadonlyMap<unknown, (value: number, bound: number) => boolean> = new Map([
  ['=', (value: number, bound: number) => value === bound],
  ['<', (value: number, bound: number) => value < bound],
  ['<=', (value: number, bound: number) => value <= bound],
  ['>', (value: number, bound: number) => value > bound],
  ['>=', (value: number, bound: number) => value >= bound],
]);

/** A list of one or two pairs, such as `[">", 0, "<=", 5]`. */
function numeric(operand: unknown, path: string): Test {
  const parts: unknown[] = Array.isArray(operand) ? operand : [];
  if (parts.length !== 2 && parts.length !== 4) {
    throw invalid(path, `${JSON.stringify(operand)} must be one or two comparisons`);
  }
  const tests: ((value: number) => boolean)[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const compare = COMPARISONS.get(parts[at]);
    const bound = parts[at + 1];
    if (compare === undefined || typeof bound !== 'number') {
      throw invalid(path, `${JSON.stringify(operand)} must pair <, <=, =, >= or > with a number`);
    }
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

/** Matches an address within a range such as `10.0.0.0/24`. */
function cidr(operand: unknown, path: string): Test {
  const [address = '', bits = ''] = requireString(operand, path).split('/');
  const family = isIP(address);
  if (family === 0 || !/^\d+$/.test(bits)) throw invalid(path, `${JSON.stringify(operand)} must be a range`);
  const range = new BlockList();
  range.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return (value) =>
    typeof value === 'string' && isIP(value) === family && range.check(value, family === 4 ? 'ipv4' : 'ipv6');
}

/** Operators that AWS allows inside `anything-but`. */
const NEGATABLE = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

/** Takes a value, a list of values, or one of `NEGATABLE` with a string or a list of strings. */
function anythingBut(operand: unknown, path: string): Test {
  const excluded = excludedAlternatives(operand, path).map((one) => compileOperator(one, path));
  if (excluded.length === 0) throw invalid(path, 'must name at least one value');
  return (value) => value !== undefined && !excluded.some((test) => test(value));
}

function excludedAlternatives(operand: unknown, path: string): unknown[] {
  if (!isJsonObject(operand)) {
    const values: unknown[] = Array.isArray(operand) ? operand : [operand];
    const other = values.find((value) => typeof value !== 'string' && typeof value !== 'number');
    if (other === undefined) return values;
    throw invalid(path, `${JSON.stringify(other)} must be a string or a number`);
  }
  return Object.entries(operand).flatMap(([name, texts]) => {
    if (!NEGATABLE.includes(name)) throw invalid(path, `${name} must be one of ${NEGATABLE.join(', ')}`);
    return Array.isArray(texts) ? texts.map((text: unknown) => ({ [name]: text })) : [{ [name]: texts }];
  });
}

function requireString(operand: unknown, path: string): string {
  if (typeof operand !== 'string') throw invalid(path, `${JSON.stringify(operand)} must be a string`);
  return operand;
}

function invalid(path: string, what: string): Error {
  return new Error(`event pattern: ${path}: ${what}`);
}

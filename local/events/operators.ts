import { BlockList, isIP } from 'node:net';
import type { OperatorName } from '../../lib/shared/event-pattern-operators.ts';

/** Tests one value of an event; `undefined` stands for a field that is not there. */
export type Test = (value: unknown) => boolean;

/** One alternative of a field: a value to equal, or an object with one operator. */
export function compileOperator(wanted: unknown, path: string): Test {
  if (wanted === null || ['string', 'number', 'boolean'].includes(typeof wanted))
    return (value) => value === wanted;
  if (!isRecord(wanted)) throw broken(path, `${JSON.stringify(wanted)} is no value to match`);
  const [[name, operand] = [], ...others] = Object.entries(wanted);
  const compile = name === undefined ? undefined : COMPILERS.get(name);
  if (compile === undefined || others.length > 0) {
    throw broken(
      path,
      `${JSON.stringify(wanted)} must be one of the operators ${[...COMPILERS.keys()].join(', ')}`,
    );
  }
  return compile(operand, `${path}.${name}`);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Compile = (operand: unknown, path: string) => Test;

/** Every operator that a pattern may have at synth. */
const OPERATORS: Readonly<Record<OperatorName, Compile>> = {
  prefix: (operand, path) => onText(operand, path, (text, start) => text.startsWith(start)),
  suffix: (operand, path) => onText(operand, path, (text, end) => text.endsWith(end)),
  'equals-ignore-case': equalsIgnoreCase,
  wildcard,
  exists,
  numeric,
  cidr,
  'anything-but': anythingBut,
};

const COMPILERS: ReadonlyMap<string, Compile> = new Map(Object.entries(OPERATORS));

/** `prefix` and `suffix` take a text, or `equals-ignore-case` around one. */
function onText(operand: unknown, path: string, fits: (text: string, wanted: string) => boolean): Test {
  if (typeof operand === 'string') return (value) => typeof value === 'string' && fits(value, operand);
  if (isRecord(operand) && Object.keys(operand).length === 1) {
    const wanted = requireText(operand['equals-ignore-case'], path).toLowerCase();
    return (value) => typeof value === 'string' && fits(value.toLowerCase(), wanted);
  }
  throw broken(path, `${JSON.stringify(operand)} must be a text`);
}

function equalsIgnoreCase(operand: unknown, path: string): Test {
  const wanted = requireText(operand, path).toLowerCase();
  return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
}

/** `*` is any run of characters; a backslash takes the meaning from `*` and from itself. */
function wildcard(operand: unknown, path: string): Test {
  const source = requireText(operand, path).replace(/\\[\\*]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    return (part.length === 2 ? part.slice(1) : part).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  const expression = new RegExp(`^${source}$`, 's');
  return (value) => typeof value === 'string' && expression.test(value);
}

function exists(operand: unknown, path: string): Test {
  if (typeof operand !== 'boolean') throw broken(path, `${JSON.stringify(operand)} must be true or false`);
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
    throw broken(path, `${JSON.stringify(operand)} must be one or two comparisons`);
  }
  const tests: ((value: number) => boolean)[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const compare = COMPARISONS.get(parts[at]);
    const bound = parts[at + 1];
    if (compare === undefined || typeof bound !== 'number') {
      throw broken(path, `${JSON.stringify(operand)} must pair <, <=, =, >= or > with a number`);
    }
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

/** An address in text within a range such as `10.0.0.0/24`. */
function cidr(operand: unknown, path: string): Test {
  const [address = '', bits = ''] = requireText(operand, path).split('/');
  const family = isIP(address);
  if (family === 0 || !/^\d+$/.test(bits)) throw broken(path, `${JSON.stringify(operand)} must be a range`);
  const range = new BlockList();
  range.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return (value) =>
    typeof value === 'string' && isIP(value) === family && range.check(value, family === 4 ? 'ipv4' : 'ipv6');
}

/** What may stand inside `anything-but`; AWS refuses every other operator there. */
const NEGATABLE = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

/** A value, a list of values, or an operator on texts with one text or a list of them. */
function anythingBut(operand: unknown, path: string): Test {
  const refused = refusedValues(operand, path).map((one) => compileOperator(one, path));
  if (refused.length === 0) throw broken(path, 'must name at least one value');
  return (value) => value !== undefined && !refused.some((test) => test(value));
}

function refusedValues(operand: unknown, path: string): unknown[] {
  if (!isRecord(operand)) {
    const values: unknown[] = Array.isArray(operand) ? operand : [operand];
    const other = values.find((value) => typeof value !== 'string' && typeof value !== 'number');
    if (other === undefined) return values;
    throw broken(path, `${JSON.stringify(other)} must be a text or a number`);
  }
  return Object.entries(operand).flatMap(([name, texts]) => {
    if (!NEGATABLE.includes(name)) throw broken(path, `${name} must be one of ${NEGATABLE.join(', ')}`);
    return Array.isArray(texts) ? texts.map((text: unknown) => ({ [name]: text })) : [{ [name]: texts }];
  });
}

function requireText(operand: unknown, path: string): string {
  if (typeof operand !== 'string') throw broken(path, `${JSON.stringify(operand)} must be a text`);
  return operand;
}

function broken(path: string, what: string): Error {
  return new Error(`event pattern: ${path}: ${what}`);
}

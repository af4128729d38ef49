import type { DataPoint } from '../evaluate-alarm.ts';
import type { Expression, Operator } from './parse.ts';

/** One data point for each period, oldest first. */
export type Series = readonly DataPoint[];

/** The value of an expression: a number, a time series, or several of these. */
type Value = number | Series | ValueList;
interface ValueList {
  readonly list: readonly (number | Series)[];
}

export interface Scope {
  /** The time series of another query. Throws for an unknown id. */
  seriesOf(id: string): Series;
  /** All metrics of the alarm or graph, without expressions. */
  metrics(): readonly Series[];
  /** The length of a period in seconds. */
  readonly periodSeconds: number;
  /** The number of periods. */
  readonly length: number;
}

/** Evaluates an expression. Throws an error with the name of an unknown function. */
export function evaluateExpression(expression: Expression, scope: Scope): Series {
  const value = evaluate(expression, scope);
  if (isList(value)) throw new Error('the result of a metric math expression must be one time series');
  return typeof value === 'number' ? repeat(value, scope.length) : value;
}

function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name':
      return scope.seriesOf(expression.name);
    case 'list':
      return { list: expression.items.flatMap((item) => itemsOf(evaluate(item, scope))) };
    case 'negative':
      return map(evaluate(expression.of, scope), (point) => -point);
    case 'operation': {
      const apply = OPERATIONS[expression.operator];
      return combine(evaluate(expression.left, scope), evaluate(expression.right, scope), apply);
    }
    case 'call':
      return call(expression.name, expression.arguments, scope);
  }
}

const OPERATIONS: Readonly<Record<Operator, (left: number, right: number) => number>> = {
  OR: (left, right) => Number(left !== 0 || right !== 0),
  AND: (left, right) => Number(left !== 0 && right !== 0),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  '<=': (left, right) => Number(left <= right),
  '>=': (left, right) => Number(left >= right),
  '<': (left, right) => Number(left < right),
  '>': (left, right) => Number(left > right),
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
};

/** Aggregates a list point by point, and one series over all its points. */
const AGGREGATES: Readonly<Record<string, (points: readonly number[]) => number>> = {
  SUM: (points) => points.reduce((sum, point) => sum + point, 0),
  MAX: (points) => Math.max(...points),
  MIN: (points) => Math.min(...points),
  AVG: (points) => points.reduce((sum, point) => sum + point, 0) / points.length,
};

const ROUNDING: Readonly<Record<string, (point: number) => number>> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
};

function call(name: string, given: readonly Expression[], scope: Scope): Value {
  const argumentAt = (index: number): Value => {
    const argument = given[index];
    if (argument === undefined) throw new Error(`metric math: ${name} needs more than ${index} arguments`);
    return evaluate(argument, scope);
  };
  const aggregate = AGGREGATES[name];
  if (aggregate !== undefined) return aggregateOf(argumentAt(0), aggregate, scope.length);
  const round = ROUNDING[name];
  if (round !== undefined) return map(argumentAt(0), round);
  switch (name) {
    case 'METRICS':
      return { list: scope.metrics() };
    case 'PERIOD':
      return scope.periodSeconds;
    case 'IF':
      return choose(
        argumentAt(0),
        argumentAt(1),
        given[2] === undefined ? undefined : argumentAt(2),
        scope.length,
      );
    case 'FILL':
      return fill(argumentAt(0), given[1], scope);
    case 'RUNNING_SUM':
      return runningSum(argumentAt(0), scope.length);
    default:
      throw new Error(
        `the local cloud does not support the metric math function "${name}"; add it to local/cloudwatch/metric-math`,
      );
  }
}

function aggregateOf(value: Value, aggregate: (points: readonly number[]) => number, length: number): Value {
  if (!isList(value))
    return aggregate(
      itemsOf(value)
        .flatMap((item) => pointsOf(item, length))
        .filter(exists),
    );
  return Array.from({ length }, (_, index) => {
    const points = value.list.map((item) => pointOf(item, index)).filter(exists);
    return points.length === 0 ? undefined : aggregate(points);
  });
}

/** A missing condition counts as false, as in CloudWatch. Without a third argument the point is missing then. */
function choose(condition: Value, then: Value, otherwise: Value | undefined, length: number): Series {
  return Array.from({ length }, (_, index) => {
    const isTrue = (pointOf(oneOf(condition), index) ?? 0) !== 0;
    if (isTrue) return pointOf(oneOf(then), index);
    return otherwise === undefined ? undefined : pointOf(oneOf(otherwise), index);
  });
}

function fill(value: Value, filling: Expression | undefined, scope: Scope): Value {
  if (filling?.kind === 'name' && filling.name === 'REPEAT') {
    let last: DataPoint;
    return mapSeries(value, (point) => {
      last = point ?? last;
      return last;
    });
  }
  if (filling === undefined) throw new Error('metric math: FILL needs a value or REPEAT');
  const replacement = oneOf(evaluate(filling, scope));
  return mapSeries(value, (point, index) => point ?? pointOf(replacement, index));
}

function runningSum(value: Value, length: number): Series {
  let sum = 0;
  return pointsOf(oneOf(value), length).map((point) => {
    sum += point ?? 0;
    return sum;
  });
}

function combine(left: Value, right: Value, apply: (left: number, right: number) => number): Value {
  if (isList(left)) return { list: left.list.map((item) => combineOne(item, oneOf(right), apply)) };
  if (isList(right)) return { list: right.list.map((item) => combineOne(left, item, apply)) };
  return combineOne(left, right, apply);
}

/** A point is missing if one of its operands is, or if the result is not a number. */
function combineOne(
  left: number | Series,
  right: number | Series,
  apply: (left: number, right: number) => number,
): number | Series {
  if (typeof left === 'number' && typeof right === 'number') return apply(left, right);
  const length = typeof left === 'number' ? itemsLength(right) : left.length;
  return Array.from({ length }, (_, index) => {
    const [a, b] = [pointOf(left, index), pointOf(right, index)];
    const result = a === undefined || b === undefined ? undefined : apply(a, b);
    return result !== undefined && Number.isFinite(result) ? result : undefined;
  });
}

function map(value: Value, change: (point: number) => number): Value {
  if (typeof value === 'number') return change(value);
  return mapSeries(value, (point) => (point === undefined ? undefined : change(point)));
}

function mapSeries(value: Value, change: (point: DataPoint, index: number) => DataPoint): Value {
  if (isList(value)) {
    return { list: value.list.map((item) => (typeof item === 'number' ? item : item.map(change))) };
  }
  return typeof value === 'number' ? value : value.map(change);
}

function isList(value: Value): value is ValueList {
  return typeof value === 'object' && 'list' in value;
}

function itemsOf(value: Value): readonly (number | Series)[] {
  return isList(value) ? value.list : [value];
}

function oneOf(value: Value): number | Series {
  if (isList(value)) throw new Error('metric math: expected one time series, got a list');
  return value;
}

function pointOf(item: number | Series, index: number): DataPoint {
  return typeof item === 'number' ? item : item[index];
}

function pointsOf(item: number | Series, length: number): Series {
  return typeof item === 'number' ? repeat(item, length) : item;
}

function repeat(value: number, length: number): number[] {
  return Array.from({ length }, () => value);
}

function itemsLength(item: number | Series): number {
  return typeof item === 'number' ? 1 : item.length;
}

function exists(point: DataPoint): point is number {
  return point !== undefined;
}

import { evaluateExpression, type Series } from './metric-math/evaluate.ts';
import { type Expression, parseExpression } from './metric-math/parse.ts';
import type { MetricId, MetricStore } from './metric-store.ts';
import { type Statistic, statisticNamed } from './statistics.ts';

/** One metric or one metric math expression of an alarm or a graph. */
export type MetricQuery =
  | { readonly id: string; readonly metric: MetricId; readonly statistic: string }
  /** It refers to other queries by their ids. */
  | { readonly id: string; readonly expression: string };

/** The times of the data points: `count` periods, of which the last one ends at `end`. */
export interface Periods {
  /** A full minute, in milliseconds since 1970. */
  readonly end: number;
  readonly periodMs: number;
  readonly count: number;
}

export interface CompiledQueries {
  /** The data points of one query, oldest first. */
  read(id: string, store: MetricStore, periods: Periods): Series;
}

type Compiled =
  | { readonly metric: MetricId; readonly statistic: Statistic }
  | { readonly expression: Expression };

/** Reads statistics and expressions once. Throws an error that names what the local cloud does not support. */
export function compileQueries(queries: readonly MetricQuery[]): CompiledQueries {
  const compiled = new Map<string, Compiled>(
    queries.map((query) => [
      query.id,
      'expression' in query
        ? { expression: parseExpression(query.expression) }
        : { metric: query.metric, statistic: statisticNamed(query.statistic) },
    ]),
  );
  const find = (id: string): Compiled => {
    const found = compiled.get(id);
    if (found !== undefined) return found;
    throw new Error(`there is no metric with the id "${id}"; there are ${[...compiled.keys()].join(', ')}`);
  };

  const read = (id: string, store: MetricStore, periods: Periods): Series => {
    const query = find(id);
    if ('metric' in query) return readMetric(query, store, periods);
    return evaluateExpression(query.expression, {
      periodSeconds: periods.periodMs / 1000,
      length: periods.count,
      seriesOf: (other) => read(other, store, periods),
      metrics: () =>
        [...compiled.values()].flatMap((one) => ('metric' in one ? [readMetric(one, store, periods)] : [])),
    });
  };
  return { read };
}

function readMetric(
  { metric, statistic }: { metric: MetricId; statistic: Statistic },
  store: MetricStore,
  { end, periodMs, count }: Periods,
): Series {
  return Array.from({ length: count }, (_, index) => {
    const to = end - (count - 1 - index) * periodMs;
    const values = store.read(metric, to - periodMs, to);
    return values === undefined ? undefined : statistic(values);
  });
}

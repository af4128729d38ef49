import * as z from 'zod';
import type { MetricId } from './metric-store.ts';

/** A value of a metric in a log line. */
export interface EmfValue {
  readonly metric: MetricId;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The part of the Embedded Metric Format that `@aws-lambda-powertools/metrics` writes. */
const EmfLine = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});

const Value = z.union([z.number(), z.array(z.number())]);

/** The metric values in a log line; none if it is not in the Embedded Metric Format. */
export function parseEmf(line: string): EmfValue[] {
  // Do not parse lines without metrics, which are nearly all lines of a log.
  if (!line.includes('"_aws"')) return [];
  const parsed = EmfLine.safeParse(readJson(line));
  if (!parsed.success) return [];
  const { _aws: emf, ...fields } = parsed.data;
  return emf.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name }) => {
      const values = [Value.safeParse(fields[Name]).data ?? []].flat();
      return Dimensions.flatMap((names) => {
        const dimensions = Object.fromEntries(names.map((name) => [name, String(fields[name])]));
        const metric = { namespace: Namespace, name: Name, dimensions };
        return values.map((value) => ({ metric, value, at: emf.Timestamp }));
      });
    }),
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

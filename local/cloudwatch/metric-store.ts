/** What identifies a metric. Two metrics with other dimensions are different metrics, as in CloudWatch. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Each value that was reported in a period, and how many times. */
export type Values = ReadonlyMap<number, number>;

/** The metrics of a local cloud, by minute. */
export interface MetricStore {
  /** Adds a value to the minute of `at`, in milliseconds since 1970. `times`: how many times it was reported. Default: 1. */
  add(metric: MetricId, value: number, at: number, times?: number): void;
  /** The values from `from` until before `to`, both full minutes. Undefined without a value. */
  read(metric: MetricId, from: number, to: number): Values | undefined;
  /** Every metric that has a value, in the order of its first one. */
  metrics(): MetricId[];
}

export const MINUTE_MS = 60_000;
/** A CloudWatch dashboard shows three hours by default. No alarm evaluates a longer time. */
const KEPT_MINUTES = 180;

export function createMetricStore(): MetricStore {
  /** An alarm reads the same metric every minute. */
  const keys = new WeakMap<MetricId, string>();
  const keyOf = (metric: MetricId): string => {
    const key = keys.get(metric) ?? describe(metric);
    keys.set(metric, key);
    return key;
  };
  const series = new Map<string, { metric: MetricId; minutes: Map<number, Map<number, number>> }>();

  return {
    add(metric, value, at, times = 1) {
      const key = keyOf(metric);
      const { minutes } = series.get(key) ?? { minutes: new Map<number, Map<number, number>>() };
      if (!series.has(key)) series.set(key, { metric, minutes });
      const minute = Math.floor(at / MINUTE_MS);
      const values = minutes.get(minute) ?? new Map<number, number>();
      values.set(value, (values.get(value) ?? 0) + times);
      if (minutes.has(minute)) return;
      minutes.set(minute, values);
      for (const old of minutes.keys()) {
        if (old > minute - KEPT_MINUTES) break;
        minutes.delete(old);
      }
    },
    read(metric, from, to) {
      const found = series.get(keyOf(metric))?.minutes;
      if (found === undefined) return undefined;
      // Most alarms have periods of one minute.
      if (to - from === MINUTE_MS) return found.get(from / MINUTE_MS);
      const merged = new Map<number, number>();
      for (let minute = from / MINUTE_MS; minute < to / MINUTE_MS; minute++) {
        for (const [value, times] of found.get(minute) ?? []) {
          merged.set(value, (merged.get(value) ?? 0) + times);
        }
      }
      return merged.size === 0 ? undefined : merged;
    },
    metrics: () => [...series.values()].map(({ metric }) => metric),
  };
}

/** CloudWatch allows no control characters in these texts, so a line feed separates them. */
function describe({ namespace, name, dimensions }: MetricId): string {
  let text = `${namespace}\n${name}`;
  for (const dimension of Object.keys(dimensions).sort()) text += `\n${dimension}\n${dimensions[dimension]}`;
  return text;
}

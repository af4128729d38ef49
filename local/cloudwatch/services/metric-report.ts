import type { MetricId } from '../metric-store.ts';

/** Adds a value to a metric at the present time. */
export type MetricReport = (metric: MetricId, value: number) => void;

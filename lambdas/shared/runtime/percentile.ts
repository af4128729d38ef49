/**
 * The nearest-rank percentile. NaN when there are no values.
 *
 * @param share 0 to 1: 0.99 is the 99th percentile.
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

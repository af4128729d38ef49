import { formatTable } from '../measurement/text-table.ts';
import { measureBundles } from './bundle-sizes/measure.ts';

/** Smaller parts are listed as one. */
const MIN_PART_BYTES = 5_000;

for (const { step, bytes, budgetBytes, parts } of await measureBundles()) {
  const large = parts.filter(([, size]) => size >= MIN_PART_BYTES);
  const listed = large.reduce((sum, [, size]) => sum + size, 0);
  const rows = [...large, ['smaller parts', bytes - listed] as const].map(([name, size]) => [name, kb(size)]);
  const total = `${step}: ${kb(bytes)} of ${kb(budgetBytes)} kB${bytes > budgetBytes ? ', over its budget' : ''}`;
  process.stdout.write(`${total}\n${formatTable({ rows, words: [0] }, 'text')}\n\n`);
  if (bytes > budgetBytes) process.exitCode = 1;
}

function kb(bytes: number): string {
  return (bytes / 1_000).toFixed(1);
}

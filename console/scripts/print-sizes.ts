import { BUDGET_BYTES, measureSizes } from './measure-sizes.ts';

const sizes = await measureSizes();
const total = sizes.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
for (const { name, gzipBytes } of sizes) process.stdout.write(`${kb(gzipBytes).padStart(6)}  ${name}\n`);
process.stdout.write(`${kb(total).padStart(6)}  of ${kb(BUDGET_BYTES)} kB after gzip\n`);
if (total > BUDGET_BYTES) process.exitCode = 1;

function kb(bytes: number): string {
  return (bytes / 1_000).toFixed(1);
}

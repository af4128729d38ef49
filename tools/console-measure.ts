import { measureSizes } from '../console/scripts/measure-sizes.ts';
import { formatTable } from '../measurement/text-table.ts';
import { measureCost } from './console/measure-cost.ts';
import { measureLoads } from './console/measure-loads.ts';
import { openConsole } from './console/open-console.ts';

/** `npm run console:measure`: the sizes, the times and the cost of the customers' console; `docs/console.md` has the results. */
const site = await openConsole();
try {
  const sizes = await measureSizes();
  const loads = await measureLoads(site);
  const costs = await measureCost(site);
  const total = sizes.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
  print('All files of customers after gzip', [['all', `${kb(total)} kB`]], ['', 'size']);
  print(
    'First visit of a screen on a slow phone: 4 times slower CPU, slow 4G (150 ms, 1.6 Mbit/s)',
    loads.map(({ name, files, fileBytes, requests, dataMs }) => [
      name,
      `${files}`,
      `${kb(fileBytes)} kB`,
      `${requests}`,
      `${(dataMs / 1_000).toFixed(2)} s`,
    ]),
    ['screen', 'files', 'size', 'calls of the API', 'data on the screen'],
  );
  print(
    'Cost at list prices',
    costs.map(({ name, requests, bytes, dollars }) => [
      name,
      requests.toFixed(0),
      `${kb(bytes)} kB`,
      `$${dollars.toFixed(4)}`,
    ]),
    ['', 'requests', 'sent', 'cost'],
  );
} finally {
  await site.close();
}

function print(title: string, rows: readonly (readonly string[])[], head: readonly string[]): void {
  process.stdout.write(`\n${title}\n\n${formatTable({ head, rows, words: [0] }, 'markdown')}\n`);
}

function kb(bytes: number): string {
  return (bytes / 1_000).toFixed(1);
}

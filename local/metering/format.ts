import { costOf } from './cost.ts';
import type { CallLine, MeterSnapshot } from './meter.ts';

/** What was metered and what it would cost, as two tables of plain text. */
export function formatMeter(
  snapshot: MeterSnapshot,
  options: {
    /** What to call a caller, by its access key id; by default the id itself. */
    readonly nameOf?: (principal: string) => string;
  } = {},
): string {
  const nameOf = options.nameOf ?? ((principal) => principal);
  const calls = snapshot.calls.map((line) => [
    nameOf(line.principal),
    `${line.service}:${line.action}`,
    count(line.calls),
    count(line.entries),
    billedQuantity(line),
  ]);
  const functions = snapshot.functions.map(({ functionName, invocations, coldStarts, gbSeconds }) => [
    functionName,
    'lambda:invoked',
    count(invocations),
    '',
    `${quantity(gbSeconds)} GB-s${coldStarts === 0 ? '' : `, ${count(coldStarts)} cold`}`,
  ]);
  const cost = costOf(snapshot);
  const charged = cost.lines.filter((line) => line.quantity > 0);
  return [
    table(['caller', 'action', 'calls', 'entries', 'billed'], [...calls, ...functions], [2, 3]),
    '',
    table(
      ['cost', 'quantity', '', 'dollars'],
      [
        ...charged.map((line) => [line.name, quantity(line.quantity), line.unit, dollars(line.dollars)]),
        ['total', '', '', dollars(cost.totalDollars)],
      ],
      [1, 3],
    ),
  ].join('\n');
}

function billedQuantity({ service, chunks, readUnits, writeUnits }: CallLine): string {
  if (service !== 'dynamodb') return `${count(chunks)} ${service === 'events' ? 'events' : 'requests'}`;
  const reads = readUnits > 0 ? `${quantity(readUnits)} reads` : '';
  const writes = writeUnits > 0 ? `${quantity(writeUnits)} writes` : '';
  return [reads, writes].filter((part) => part !== '').join(', ');
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** Whole numbers as they are, others to four significant digits. */
function quantity(number: number): string {
  return Number.isInteger(number) ? count(number) : number.toPrecision(4);
}

/** To the millionth of a cent: a local cloud spends little. */
function dollars(amount: number): string {
  return amount.toFixed(8);
}

/** Columns as wide as their widest cell; those in `right` are aligned to the right. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const format = (row: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? '';
        return right.includes(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(format).join('\n');
}

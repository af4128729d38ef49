import { count } from '../../measurement/format-number.ts';
import { formatTable } from '../../measurement/text-table.ts';
import { costOf } from './cost.ts';
import type { CallLine, MeterSnapshot } from './meter.ts';

/** The metered usage and its cost, as two tables of plain text. */
export function formatMeter(
  snapshot: MeterSnapshot,
  options: {
    /** The name of a caller, by its access key id. Default: the id. */
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
    formatTable(
      {
        head: ['caller', 'action', 'calls', 'entries', 'billed'],
        rows: [...calls, ...functions],
        words: [0, 1, 4],
      },
      'text',
    ),
    '',
    formatTable(
      {
        head: ['cost', 'quantity', '', 'dollars'],
        rows: [
          ...charged.map((line) => [line.name, quantity(line.quantity), line.unit, dollars(line.dollars)]),
          ['total', '', '', dollars(cost.totalDollars)],
        ],
        words: [0, 2],
      },
      'text',
    ),
  ].join('\n');
}

function billedQuantity({ service, chunks, readUnits, writeUnits }: CallLine): string {
  if (service !== 'dynamodb') return `${count(chunks)} ${service === 'events' ? 'events' : 'requests'}`;
  const reads = readUnits > 0 ? `${quantity(readUnits)} reads` : '';
  const writes = writeUnits > 0 ? `${quantity(writeUnits)} writes` : '';
  return [reads, writes].filter((part) => part !== '').join(', ');
}

/** Integers are exact, other numbers have four significant digits. */
function quantity(number: number): string {
  return Number.isInteger(number) ? count(number) : number.toPrecision(4);
}

/** Eight decimals, because the costs of a local cloud are small. */
function dollars(amount: number): string {
  return amount.toFixed(8);
}

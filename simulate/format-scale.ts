import { count, duration, factor, percent, roundedDown, seconds } from '../measurement/format-number.ts';
import { formatTable, type TableStyle } from '../measurement/text-table.ts';
import { accountCeiling, ceilingsOf } from './ceilings.ts';
import { DEPLOYED } from './parameters.ts';
import type { QuotaUse } from './quotas.ts';
import type { ScaleRow } from './scale-table.ts';

const ACCOUNT_SIZES = [1, 5, 10, 19, 20, 50, 100, 500, 1_000];
const BATCH_SIZES = [1, DEPLOYED.dispatch.batchSize];
/** The ceilings are calculated from the rows of this load, in events a second. */
const CEILINGS_FROM = 1_000;

/** The tables of docs/scale.md, by the names of their markers in that document. */
export function scaleTables(rows: readonly ScaleRow[], style: TableStyle): ReadonlyMap<string, string> {
  return new Map([
    ['loads', loadTable(rows, style)],
    ['ceilings', ceilingTable(rows, style)],
    ['accounts', accountTable(style)],
  ]);
}

function loadTable(rows: readonly ScaleRow[], style: TableStyle): string {
  const head = [
    ...['events/s', 'hanging', 'lanes', 'first', 'retry', 'slow', 'all', 'at the onset'],
    ...['p99', 'onset', '$ per million', '$ per hour', 'fullest quota'],
  ];
  const cells = rows.map((row) => [
    count(row.eventsPerSecond),
    percent(row.hangingShare),
    row.lanes ? 'yes' : 'no',
    environments(row.environments.first),
    row.lanes ? environments(row.environments.retry) : '',
    row.lanes ? environments(row.environments.slow) : '',
    environments(row.allEnvironments),
    row.hangingShare === 0 ? '' : environments(row.onsetPeak),
    latency(row),
    row.hangingShare === 0 ? '' : seconds(row.onsetSeconds),
    row.dollarsPerMillion.toFixed(2),
    row.dollarsPerHour < 1 ? row.dollarsPerHour.toFixed(2) : count(row.dollarsPerHour),
    fullest(row.quotas),
  ]);
  return formatTable({ head, rows: cells, words: [2, head.length - 1] }, style);
}

function ceilingTable(rows: readonly ScaleRow[], style: TableStyle): string {
  const chosen = rows.filter(({ lanes, eventsPerSecond }) => lanes && eventsPerSecond === CEILINGS_FROM);
  const head = ['limit', ...chosen.map(({ hangingShare }) => `${percent(hangingShare)} hanging`)];
  const cells = ceilingsOf(chosen).map(({ name, eventsPerSecond }) => [
    name,
    ...eventsPerSecond.map((reached) => (reached === undefined ? '' : roundedDown(reached))),
  ]);
  return formatTable({ head, rows: cells, words: [0] }, style);
}

function accountTable(style: TableStyle): string {
  const head = [
    'webhooks of one account',
    'its events/s, one in a batch',
    'ten in a batch',
    'list read for each batch: one',
    'ten',
  ];
  const cells = ACCOUNT_SIZES.map((webhooks) => [
    count(webhooks),
    ...(['deployed', 'each batch'] as const).flatMap((reading) =>
      BATCH_SIZES.map((batchSize) => roundedDown(accountCeiling(webhooks, batchSize, reading))),
    ),
  ]);
  return formatTable({ head, rows: cells, words: [] }, style);
}

function fullest([use]: readonly QuotaUse[]): string {
  if (use === undefined) return '';
  const share = use.need / use.limit;
  return `${use.name} ${share >= 1 ? factor(share) : percent(share)}`;
}

/** Until the onset ends, the latency increases with the length of the run: the figure is a lower limit. */
function latency({ healthyP99Ms, hangingShare, onsetSeconds }: ScaleRow): string {
  const grows = hangingShare > 0 && !Number.isFinite(onsetSeconds);
  return grows ? `over ${duration(healthyP99Ms)}` : duration(healthyP99Ms);
}

/** Rounded up: an environment that is used a tenth of the time is needed. */
function environments(mean: number): string {
  return count(Math.ceil(mean));
}

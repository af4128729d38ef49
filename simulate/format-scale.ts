import {
  count,
  duration,
  factor,
  formatTable,
  percent,
  roughly,
  type TableStyle,
} from '../figures/text-table.ts';
import { accountCeiling, ceilingsOf } from './ceilings.ts';
import type { QuotaUse } from './quotas.ts';
import type { Row } from './scale-table.ts';

const ACCOUNT_SIZES = [1, 5, 10, 50, 100, 500, 1_000];
/** Ceilings follow from the rows of this load. */
const CEILINGS_FROM = 1_000;

/** The tables of the document, by the names that its marks have. */
export function scaleTables(rows: readonly Row[], style: TableStyle): ReadonlyMap<string, string> {
  return new Map([
    ['loads', loadTable(rows, style)],
    ['ceilings', ceilingTable(rows, style)],
    ['accounts', accountTable(style)],
  ]);
}

function loadTable(rows: readonly Row[], style: TableStyle): string {
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
    row.hangingShare === 0 ? '' : onset(row.onsetSeconds),
    row.dollarsPerMillion.toFixed(2),
    row.dollarsPerHour < 1 ? row.dollarsPerHour.toFixed(2) : count(row.dollarsPerHour),
    fullest(row.quotas),
  ]);
  return formatTable({ head, rows: cells, words: [2, head.length - 1] }, style);
}

function ceilingTable(rows: readonly Row[], style: TableStyle): string {
  const measured = rows.filter(({ lanes, eventsPerSecond }) => lanes && eventsPerSecond === CEILINGS_FROM);
  const head = ['limit', ...measured.map(({ hangingShare }) => `${percent(hangingShare)} hanging`)];
  const cells = ceilingsOf(measured).map(({ name, eventsPerSecond }) => [
    name,
    ...eventsPerSecond.map((reached) => (reached === undefined ? '' : roughly(reached))),
  ]);
  return formatTable({ head, rows: cells, words: [0] }, style);
}

function accountTable(style: TableStyle): string {
  const head = ['webhooks of one account', 'its events/s'];
  const cells = ACCOUNT_SIZES.map((webhooks) => [count(webhooks), roughly(accountCeiling(webhooks))]);
  return formatTable({ head, rows: cells, words: [] }, style);
}

function fullest([use]: readonly QuotaUse[]): string {
  if (use === undefined) return '';
  const share = use.need / use.limit;
  return `${use.name} ${share >= 1 ? factor(share) : percent(share)}`;
}

/** Where healthy deliveries stay late, every further minute makes the figure larger. */
function latency({ healthyP99Ms, hangingShare, onsetSeconds }: Row): string {
  const grows = hangingShare > 0 && onsetSeconds === undefined;
  return grows ? `over ${duration(healthyP99Ms)}` : duration(healthyP99Ms);
}

/** Whole ones: a tenth of an environment is one that is used now and then. */
function environments(mean: number): string {
  return count(Math.ceil(mean));
}

function onset(seconds: number | undefined): string {
  return seconds === undefined ? 'lasts' : `${seconds} s`;
}

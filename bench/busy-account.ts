import { itemSize } from '../lambdas/shared/store/item-size.ts';
import { median } from '../measurement/statistics.ts';
import { formatTable } from '../measurement/text-table.ts';
import { createDispatcher, dispatchBatch, itemsOf } from './busy-account/dispatcher.ts';
import { startAwsServer } from './sdk-calls/aws-server.ts';
import { cpuOfCalls } from './sdk-calls/calls.ts';
import { progress, runCommand } from './shared/command.ts';
import { optionsHelp, readOptions } from './shared/options.ts';

const NUMBERS = {
  rounds: [5, 'alternating rounds of both, after one that is not counted'],
  batches: [100, 'batches in a round'],
} as const;

const HELP = `npm run bench:busy-account -- [options]

Measures the CPU time of dispatch-event for each event of one account. One webhook of the account subscribes to the
events. Compares two settings: all webhooks are read for each batch, or their list is kept while the account's
version is the same. AWS is a TLS server in another process. Takes about two minutes.

${optionsHelp(NUMBERS)}`;

const WEBHOOKS = [10, 20, 50, 100, 1_000];
const BATCH_SIZES = [1, 10];
const READ_UNIT_BYTES = 4_096;

interface Row {
  readonly webhooks: number;
  /** Events of a batch. */
  readonly events: number;
  /** Microseconds of CPU time for each event, medians of the rounds. */
  readonly read: number;
  readonly kept: number;
  /** Median, lowest and highest ratio of `kept` to `read` of the rounds. */
  readonly ratio: readonly [median: number, lowest: number, highest: number];
  /** Read units of the Query of all webhooks. A read of the version uses one unit. */
  readonly queryUnits: number;
}

async function measure(rounds: number, batches: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const webhooks of WEBHOOKS) {
    const items = itemsOf(webhooks);
    const server = await startAwsServer(items);
    try {
      const bytes = items
        .filter(({ url }) => url !== undefined)
        .reduce((sum, item) => sum + itemSize(item), 0);
      const read = createDispatcher(server, Number.POSITIVE_INFINITY);
      const kept = createDispatcher(server, 1);
      for (const events of BATCH_SIZES) {
        const cpuOf = async (dispatch: typeof read): Promise<number> =>
          (await cpuOfCalls(() => dispatchBatch(dispatch, events), batches)) / events;
        const pairs: { read: number; kept: number }[] = [];
        for (let round = 0; round <= rounds; round++) {
          // The order alternates, so that a change of the machine's load affects both.
          const first = round % 2 === 0 ? await cpuOf(kept) : undefined;
          const ofRead = await cpuOf(read);
          if (round > 0) pairs.push({ read: ofRead, kept: first ?? (await cpuOf(kept)) });
        }
        const ratios = pairs.map((pair) => pair.kept / pair.read);
        rows.push({
          webhooks,
          events,
          read: median(pairs.map((pair) => pair.read)),
          kept: median(pairs.map((pair) => pair.kept)),
          ratio: [median(ratios), Math.min(...ratios), Math.max(...ratios)],
          queryUnits: Math.ceil(bytes / READ_UNIT_BYTES),
        });
        progress(`${webhooks} webhooks, ${events} in a batch: ${median(ratios).toFixed(2)}x`);
      }
    } finally {
      server.close();
    }
  }
  return rows;
}

function format(rows: readonly Row[]): string {
  return formatTable(
    {
      head: [
        'webhooks',
        'events of a batch',
        'list read',
        'list kept',
        'ratio',
        'lowest to highest',
        'read units of the list',
      ],
      rows: rows.map(({ webhooks, events, read, kept, ratio: [middle, lowest, highest], queryUnits }) => [
        webhooks.toLocaleString('en'),
        String(events),
        `${read.toFixed(0)} us`,
        `${kept.toFixed(0)} us`,
        `${middle.toFixed(2)}x`,
        `${lowest.toFixed(2)}-${highest.toFixed(2)}x`,
        String(queryUnits),
      ]),
      words: [],
    },
    'text',
  );
}

await runCommand<Row[]>((args) => {
  const options = readOptions(args, NUMBERS);
  const common = { help: HELP, format, failures: () => [] };
  if (options === 'help') return { ...common, json: false, measure: undefined };
  const { rounds, batches } = options.numbers;
  return { ...common, json: options.json, measure: () => measure(rounds, batches) };
});

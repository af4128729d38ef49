import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createClientFactory } from '../lambdas/shared/runtime/aws/clients.ts';
import { median } from '../measurement/statistics.ts';
import { formatTable } from '../measurement/text-table.ts';
import { type AwsServer, setEnvironment, startAwsServer } from './sdk-calls/aws-server.ts';
import { CALLS, type Clients, cpuOfCalls } from './sdk-calls/calls.ts';
import { progress, runCommand } from './shared/command.ts';
import { optionsHelp, readOptions } from './shared/options.ts';

const NUMBERS = {
  rounds: [7, 'alternating rounds of both kinds of clients, after one that is not counted'],
  calls: [1_000, 'calls of each kind in a round'],
} as const;

const HELP = `npm run bench:sdk-calls -- [options]

Measures the CPU time of this process for each AWS call of the functions, over TLS to a server in another process: with
the functions' clients, and with the SDK's clients and its default settings. Takes about two minutes.

${optionsHelp(NUMBERS)}`;

const SOCKETS = 50;

interface Row {
  readonly call: string;
  /** Microseconds of CPU time, medians of the rounds. */
  readonly sdk: number;
  readonly ours: number;
  /** Median, lowest and highest ratio of the rounds. */
  readonly ratio: readonly [median: number, lowest: number, highest: number];
}

function sdkClients({ url, ca }: AwsServer): Clients {
  const settings = { requestHandler: { requestTimeout: 2_000, httpsAgent: { maxSockets: SOCKETS, ca } } };
  return {
    dynamodb: new DynamoDBClient(settings),
    sqs: new SQSClient(settings),
    queueUrl: queueUrlOf(url),
  };
}

function ourClients({ url, ca }: AwsServer): Clients {
  const createClient = createClientFactory({ maxSockets: SOCKETS, ca });
  return {
    dynamodb: createClient(DynamoDBClient, 'dynamodb'),
    sqs: createClient(SQSClient, 'sqs'),
    queueUrl: queueUrlOf(url),
  };
}

/** The SDK takes the origin of the queue's URL as its endpoint. */
function queueUrlOf(url: string): string {
  return `${url}/123456789012/first`;
}

async function measure(rounds: number, calls: number): Promise<Row[]> {
  const server = await startAwsServer();
  try {
    setEnvironment(server);
    const sdk = sdkClients(server);
    const ours = ourClients(server);
    const rows: Row[] = [];
    for (const [name, call] of Object.entries(CALLS)) {
      const pairs: { sdk: number; ours: number }[] = [];
      for (let round = 0; round <= rounds; round++) {
        // The order alternates, so that a change of the machine's load affects both.
        const first = round % 2 === 0 ? await cpuOfCalls(() => call(ours), calls) : undefined;
        const ofSdk = await cpuOfCalls(() => call(sdk), calls);
        const pair = { sdk: ofSdk, ours: first ?? (await cpuOfCalls(() => call(ours), calls)) };
        if (round > 0) pairs.push(pair);
      }
      const ratios = pairs.map((pair) => pair.ours / pair.sdk);
      rows.push({
        call: name,
        sdk: median(pairs.map((pair) => pair.sdk)),
        ours: median(pairs.map((pair) => pair.ours)),
        ratio: [median(ratios), Math.min(...ratios), Math.max(...ratios)],
      });
      progress(`${name}: ${median(ratios).toFixed(2)}x`);
    }
    return rows;
  } finally {
    server.close();
  }
}

function format(rows: readonly Row[]): string {
  return formatTable(
    {
      head: ['CPU time of a call', 'SDK', 'this project', 'ratio', 'lowest to highest'],
      rows: rows.map(({ call, sdk, ours, ratio: [middle, lowest, highest] }) => [
        call,
        `${sdk.toFixed(0)} us`,
        `${ours.toFixed(0)} us`,
        `${middle.toFixed(2)}x`,
        `${lowest.toFixed(2)}-${highest.toFixed(2)}x`,
      ]),
      words: [0],
    },
    'text',
  );
}

await runCommand<Row[]>((args) => {
  const options = readOptions(args, NUMBERS);
  const common = { help: HELP, format, failures: () => [] };
  if (options === 'help') return { ...common, json: false, measure: undefined };
  const { rounds, calls } = options.numbers;
  return { ...common, json: options.json, measure: () => measure(rounds, calls) };
});

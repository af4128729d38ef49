import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AccountId, parseAccountId } from '../lambdas/shared/domain/ids.ts';
import { systemClock } from '../lambdas/shared/runtime/clock.ts';
import { createApiKeyStore } from '../lambdas/shared/store/api-keys.ts';
import { synthesize } from './assembly/synthesize.ts';
import { ADMINISTRATOR } from './aws-calls.ts';
import { catalogueFile } from './catalogue.ts';
import { type Cloud, createCloud } from './cloud.ts';
import { formatAlarmChange } from './cloudwatch/format-alarm.ts';
import { createPrinter, type Printer } from './demo/printer.ts';
import { runDemonstration } from './demo/run-demonstration.ts';
import { type Inspector, openInspector, SUSPENDED_TIMEOUT_MS } from './inspector.ts';
import { formatMeter } from './metering/format.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { announceCloud } from './running-clouds.ts';

/** One for each process, so that concurrent clouds do not overwrite each other's assembly. */
const ASSEMBLY = fileURLToPath(new URL(`../.local/cdk.out-${process.pid}`, import.meta.url));
const ACCOUNT_ID = parseAccountId('acct_1');
const CREDENTIALS = { accessKeyId: ADMINISTRATOR, secretAccessKey: ADMINISTRATOR };
/** Receivers on this machine have private addresses and no certificates. */
const VARIABLES = { WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS: 'true' };
const INSPECT_VARIABLES = { ...VARIABLES, WEBHOOK_FANOUT_SOURCE_MAPS: 'true' };

type Closer = () => Promise<void>;

async function start(options: Options, printer: Printer, stopping: AbortSignal): Promise<void> {
  let inspector: Inspector | undefined;
  const closers: Closer[] = [() => rm(ASSEMBLY, { recursive: true, force: true })];
  try {
    const startedAt = systemClock.now();
    if (options.inspectPort !== undefined) inspector = openInspector(options.inspectPort);
    const assemblyDirectory =
      options.assembly ??
      (await synthesize({
        outputDirectory: ASSEMBLY,
        variables: inspector ? INSPECT_VARIABLES : VARIABLES,
        signal: stopping,
      }));
    const cloud = await createCloud({ assemblyDirectory, ...cloudSettings(options) });
    closers.unshift(cloud.close);
    const apiKey = await createApiKey(cloud);
    closers.unshift(await announce(cloud, options));
    for (const fault of options.faults) cloud.faults.add(fault);

    if (options.json) process.stdout.write(`${JSON.stringify(describeCloud(cloud, apiKey))}\n`);
    else {
      const seconds = ((systemClock.now() - startedAt) / 1000).toFixed(1);
      printer.heading(`${cloud.stackName} runs on this machine, ready in ${seconds} s`);
      printer.line();
      const demonstration = runDemonstration({
        cloud,
        credentials: CREDENTIALS,
        apiKey,
        accountId: accountId(),
        printer,
        clock: systemClock,
        ...(inspector ? { stepDeadlineMs: SUSPENDED_TIMEOUT_MS } : {}),
      });
      await Promise.race([demonstration, aborted(stopping)]);
    }
    await aborted(stopping);
    if (!options.json) printMeter(cloud, printer);
  } finally {
    await inspector?.resumeFunctions();
    for (const close of closers) await close();
    inspector?.close();
  }
}

function cloudSettings({ port, verbose, inspectPort }: Options): Partial<Parameters<typeof createCloud>[0]> {
  const { AWS_ENDPOINT_URL_DYNAMODB: dynamodbEndpoint } = process.env;
  return {
    ...(port === undefined ? {} : { apiPort: port }),
    ...(dynamodbEndpoint ? { dynamodbEndpoint } : {}),
    suspendTimeouts: inspectPort !== undefined,
    onFaultFired: (fault: string) => process.stderr.write(`fault: ${fault}\n`),
    onAlarmChange(change) {
      const line = formatAlarmChange(change);
      if (line !== undefined) process.stderr.write(`${line}\n`);
    },
    ...(verbose
      ? { onLogLine: (name: string, line: string) => process.stderr.write(`${name} ${line}\n`) }
      : {}),
  };
}

async function createApiKey(cloud: Cloud): Promise<string> {
  const dynamodb = new DynamoDBClient({
    endpoint: cloud.awsEndpoint,
    region: cloud.region,
    credentials: CREDENTIALS,
  });
  const store = createApiKeyStore({ dynamodb, tableName: cloud.outputs.WebhooksTableName ?? '' });
  const { key } = await store.create(accountId(), 'local', systemClock.now());
  dynamodb.destroy();
  return key;
}

function accountId(): AccountId {
  if (ACCOUNT_ID === undefined) throw new Error('the account of the local cloud has an invalid id');
  return ACCOUNT_ID;
}

function announce({ apiPort, awsEndpoint, region, outputs }: Cloud, options: Options): Promise<Closer> {
  const { WEBHOOK_FANOUT_EVENT_CATALOGUE: setting } = process.env;
  // The catalogue of an assembly given by --assembly is unknown.
  const isKnown = options.assembly === undefined || Boolean(setting);
  return announceCloud({
    pid: process.pid,
    apiPort,
    awsEndpoint,
    region,
    outputs,
    accountId: accountId(),
    ...(isKnown ? { catalogueFile: catalogueFile(setting) } : {}),
  });
}

/** The line that `--json` prints. Its fields are a contract. */
function describeCloud(
  { apiUrl, awsEndpoint, region, outputs }: Cloud,
  apiKey: string,
): Record<string, unknown> {
  return {
    api_url: apiUrl,
    console_url: outputs.ConsoleUrl,
    aws_endpoint: awsEndpoint,
    region,
    event_bus_name: outputs.EventBusName,
    events_queue_url: outputs.EventsQueueUrl,
    account_id: accountId(),
    api_key: apiKey,
    exhausted_queue_url: outputs.ExhaustedQueueUrl,
    poison_queue_url: outputs.PoisonQueueUrl,
    unreadable_queue_url: outputs.UnreadableQueueUrl,
    undispatched_queue_url: outputs.UndispatchedQueueUrl,
    deliveries_table: outputs.DeliveriesTableName,
    webhooks_table: outputs.WebhooksTableName,
  };
}

function printMeter(cloud: Cloud, printer: Printer): void {
  printer.line();
  printer.heading('Metered usage and its price on AWS');
  printer.line();
  printer.line(formatMeter(cloud.meter.snapshot()));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** npm's shell ends at a signal and does not forward it. This process polls for the end of its parent. */
const ORPHAN_CHECK_MS = 500;

function stopWhenOrphaned(stop: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, ORPHAN_CHECK_MS).unref();
}

const stopping = new AbortController();
stopWhenOrphaned(() => stopping.abort());
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stopping.abort());
try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(USAGE);
  else await start(options, createPrinter(process.stdout, systemClock), stopping.signal);
} catch (error) {
  // An error after a stop during the start is caused by the stop.
  if (!stopping.signal.aborted) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
// The sample receiver still listens and would keep the process alive.
process.exit();

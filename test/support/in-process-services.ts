import { setImmediate as nextTurn } from 'node:timers/promises';
import { sleep, type Timer } from '../../lambdas/shared/runtime/clock.ts';
import type { CounterName } from '../../lambdas/shared/runtime/metric-names.ts';
import { ADMINISTRATOR, createAwsCalls, type Interceptor } from '../../local/aws-calls.ts';
import { createDynamoDb } from '../../local/dynamodb/service.ts';
import type { BusEvent } from '../../local/events/event.ts';
import { createEventBridge } from '../../local/events/service.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';
import { createKms } from '../../local/kms/service.ts';
import { createSqsEngine } from '../../local/sqs/engine.ts';
import { createSqsService } from '../../local/sqs/service.ts';
import { NOW } from './builders.ts';

/** Longer than every wait before a retry or for a shared call, and shorter than every deadline. */
const MIN_REAL_WAIT_MS = 2_000;

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
export const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/test`;
export const EVENT_BUS = 'events';
export const TABLES = { webhooksTable: 'webhooks', deliveriesTable: 'deliveries' };
export const QUEUES = [
  'first',
  'retry1',
  'retry2',
  'retry3',
  'later',
  'slow',
  'events',
  'recoveries',
  'exhausted',
  'unreadable',
  'undispatched',
] as const;
export type QueueName = (typeof QUEUES)[number];
const DELAYS_SECONDS: Partial<Record<QueueName, number>> = { retry1: 1, retry2: 5, retry3: 30 };

export const queueUrl = (name: QueueName): string => `http://127.0.0.1/${ACCOUNT}/${name}`;
export const queueArn = (name: QueueName): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;

/** The local cloud's services with the queues, tables, bus and key of the functions. The test sets the time. */
export async function createInProcessServices() {
  const time = { now: NOW };
  const clock: Timer = {
    now: () => time.now,
    // Waits before retries end at once. Deadlines are real, and cancelled when the function returns.
    sleep: (ms, signal) => (ms < MIN_REAL_WAIT_MS ? nextTurn() : sleep(ms, signal)),
  };
  const engine = createSqsEngine({ clock });
  for (const name of QUEUES) {
    engine.createQueue({
      name,
      url: queueUrl(name),
      arn: queueArn(name),
      delaySeconds: DELAYS_SECONDS[name] ?? 0,
      visibilityTimeoutSeconds: 120,
      retentionSeconds: 7 * 86_400,
    });
  }
  const published: BusEvent[] = [];
  const events = createEventBridge({
    clock,
    account: ACCOUNT,
    region: REGION,
    onMatched: (_, event) => published.push(event),
  });
  events.addBus({ name: EVENT_BUS, arn: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${EVENT_BUS}` });
  events.addRule({
    name: 'all',
    arn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/${EVENT_BUS}/all`,
    busName: EVENT_BUS,
    pattern: { source: [{ prefix: '' }] },
  });
  const dynamodb = createDynamoDb({ region: REGION });
  for (const name of Object.values(TABLES)) {
    await dynamodb.createTable({ name, partitionKey: 'pk', sortKey: 'sk' });
  }
  const kms = createKms({ keys: [{ arn: KEY_ARN }] });
  const calls = createAwsCalls({
    services: { sqs: createSqsService(engine), dynamodb, events, kms },
    authorize: () => undefined,
    meter: { awsCall: () => undefined },
  });
  // A long poll waits in real time, and nothing else runs meanwhile that could send a message.
  calls.use((call, next) =>
    next(call.action === 'ReceiveMessage' ? { ...call.input, WaitTimeSeconds: 0 } : undefined),
  );
  const counters = new Map<CounterName, number>();
  const latencies: number[] = [];
  const logged: LogLine[] = [];
  const logAt = (level: LogLine['level']) => (message: string, fields?: Record<string, unknown>) => {
    logged.push({ level, message, ...fields });
  };

  return {
    time,
    engine,
    /** Events of the bus. */
    published,
    counters,
    /** Milliseconds from the acceptance of an event to its receipt. */
    latencies,
    /** The log lines of all functions. */
    logged,
    /** Adds a fault. The result removes it. */
    intercept: (interceptor: Interceptor) => calls.use(interceptor),
    /** Ports of the functions. */
    ports: {
      dynamodb: createInProcessClient(calls, ADMINISTRATOR, 'dynamodb'),
      sqs: createInProcessClient(calls, ADMINISTRATOR, 'sqs'),
      kms: createInProcessClient(calls, ADMINISTRATOR, 'kms'),
      eventBridge: createInProcessClient(calls, ADMINISTRATOR, 'events'),
      clock,
      counters: {
        count: (name: CounterName, value = 1) => counters.set(name, (counters.get(name) ?? 0) + value),
        measureLatency: (milliseconds: number) => latencies.push(milliseconds),
      },
      log: { info: logAt('info'), warn: logAt('warn'), error: logAt('error') },
    },
    close: () => dynamodb.close(),
  };
}

/** A log line: level, message and fields. */
export interface LogLine extends Record<string, unknown> {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

export type InProcessServices = Awaited<ReturnType<typeof createInProcessServices>>;

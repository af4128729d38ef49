import { Agent, request } from 'undici';
import { loadLibraries } from './libraries.ts';
import { signedHeaders } from './sign.ts';
import {
  type FromWorker,
  IN_FLIGHT,
  QUEUE_NAME,
  type ToWorker,
  type WorkerSettings,
} from './worker-protocol.ts';

/** A do-it-yourself sender: a BullMQ worker that signs and POSTs with undici, with or without a row in PostgreSQL. */

const settings: WorkerSettings = JSON.parse(process.argv[2] ?? '{}');
const { urls, ca, redisPort, postgresPort } = settings;
const libraries = await loadLibraries();
if (libraries === undefined) throw new Error('BullMQ is not installed');
const dispatcher = new Agent({ connections: Math.ceil(IN_FLIGHT / urls.length), connect: { ca } });
const pool =
  postgresPort === undefined
    ? undefined
    : new libraries.Pool({
        host: '127.0.0.1',
        port: postgresPort,
        user: 'bench',
        database: 'postgres',
        max: 16,
      });
await pool?.query(
  `CREATE TABLE IF NOT EXISTS deliveries (
    id text PRIMARY KEY, url text NOT NULL, status int NOT NULL, attempt int NOT NULL,
    duration_ms int NOT NULL, ended_at timestamptz NOT NULL DEFAULT now())`,
);

let remaining = 0;
let before = process.cpuUsage();

const worker = new libraries.Worker(
  QUEUE_NAME,
  async ({ data: { number, body } }) => {
    const url = urls[number % urls.length] ?? '';
    const startedAt = performance.now();
    const response = await request(url, {
      method: 'POST',
      dispatcher,
      headers: signedHeaders(`evt_${number}`, body),
      body,
    });
    await response.body.dump();
    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
    await pool?.query(
      'INSERT INTO deliveries (id, url, status, attempt, duration_ms) VALUES ($1, $2, $3, 1, $4)',
      [`dlv_${number}`, url, response.statusCode, Math.round(performance.now() - startedAt)],
    );
  },
  {
    connection: { host: '127.0.0.1', port: redisPort, maxRetriesPerRequest: null },
    concurrency: IN_FLIGHT,
    autorun: false,
  },
);
worker.on('completed', () => {
  remaining -= 1;
  if (remaining > 0) return;
  const { user, system } = process.cpuUsage(before);
  send({ kind: 'done', cpuUs: user + system });
});
worker.on('failed', (_job, error) => {
  throw error;
});

const send = (message: FromWorker): void => {
  process.send?.(message);
};
let running = false;
process.on('message', ({ deliveries }: ToWorker) => {
  remaining = deliveries;
  before = process.cpuUsage();
  if (!running) void worker.run();
  running = true;
});
send({ kind: 'ready' });

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { INSTALL, loadLibraries } from '../yardsticks/libraries.ts';
import { type Store, startPostgres, startRedis } from '../yardsticks/stores.ts';
import {
  deliveryBody,
  type FromWorker,
  QUEUE_NAME,
  type ToWorker,
  type WorkerSettings,
} from '../yardsticks/worker-protocol.ts';

/** Finished jobs are removed, as BullMQ's documentation recommends. */
const JOB_OPTIONS = { removeOnComplete: true, attempts: 4 };

export interface Work {
  /** CPU time of the sender's process. */
  readonly cpuUs: number;
  /** CPU time of the processes of its stores. */
  readonly storesCpuUs: number;
}

/** A sender to compare with, in a process of its own. */
export interface Yardstick {
  readonly name: string;
  /** Sends this many deliveries and resolves when all were answered. */
  run(deliveries: number): Promise<Work>;
  close(): Promise<void>;
}

interface Worker {
  run(deliveries: number): Promise<number>;
  close(): void;
}

async function startWorker(file: string, settings: WorkerSettings): Promise<Worker> {
  const program = fileURLToPath(new URL(`../yardsticks/${file}`, import.meta.url));
  const child = fork(program, [JSON.stringify(settings)], { execArgv: [] });
  const next = async (): Promise<FromWorker> => {
    const exit = once(child, 'exit').then(() => {
      throw new Error(`${file} ended`);
    });
    const [message] = await Promise.race([once(child, 'message'), exit]);
    return message;
  };
  await next();
  return {
    async run(deliveries) {
      const message: ToWorker = { kind: 'run', deliveries };
      child.send(message);
      const reply = await next();
      return reply.kind === 'done' ? reply.cpuUs : Number.NaN;
    },
    close: () => void child.kill(),
  };
}

export async function startRawUndici(settings: WorkerSettings): Promise<Yardstick> {
  const worker = await startWorker('raw-undici.ts', settings);
  return {
    name: 'raw undici',
    run: async (deliveries) => ({ cpuUs: await worker.run(deliveries), storesCpuUs: 0 }),
    close: async () => worker.close(),
  };
}

/** Returns a text with the reason when it cannot run on this machine. */
export async function startBullMq(settings: WorkerSettings, withRows: boolean): Promise<Yardstick | string> {
  const libraries = await loadLibraries();
  if (libraries === undefined) return INSTALL;
  const stores: Store[] = [];
  const redis = await startRedis();
  if (redis === undefined) return 'install redis-server';
  stores.push(redis);
  const postgres = withRows ? await startPostgres() : undefined;
  if (postgres !== undefined) stores.push(postgres);
  else if (withRows) {
    await redis.close();
    return 'install postgresql';
  }
  const worker = await startWorker('bullmq.ts', {
    ...settings,
    redisPort: redis.port,
    ...(postgres === undefined ? {} : { postgresPort: postgres.port }),
  });
  const queue = new libraries.Queue(QUEUE_NAME, { connection: { host: '127.0.0.1', port: redis.port } });
  await queue.waitUntilReady();
  const cpuUs = (): number => stores.reduce((total, store) => total + store.cpuUs(), 0);
  let next = 0;
  return {
    name: withRows ? 'BullMQ with a row in PostgreSQL' : 'BullMQ',
    async run(deliveries) {
      const before = cpuUs();
      const jobs = Array.from({ length: deliveries }, () => {
        const number = next++;
        return { name: 'deliver', data: { number, body: deliveryBody(number) }, opts: JOB_OPTIONS };
      });
      const done = worker.run(deliveries);
      await queue.addBulk(jobs);
      return { cpuUs: await done, storesCpuUs: cpuUs() - before };
    },
    async close() {
      await queue.close();
      worker.close();
      for (const store of stores) await store.close();
    },
  };
}

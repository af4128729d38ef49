import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * The parts of BullMQ, ioredis and pg that the yardsticks use. They are not dependencies of this project: their versions
 * are in bench/yardsticks/package.json and its lock file.
 */
export interface Libraries {
  readonly Queue: new (
    name: string,
    options: { readonly connection: unknown },
  ) => {
    addBulk(jobs: readonly { name: string; data: unknown; opts?: object }[]): Promise<unknown>;
    waitUntilReady(): Promise<unknown>;
    close(): Promise<void>;
  };
  readonly Worker: new (
    name: string,
    process: (job: { readonly data: { readonly number: number; readonly body: string } }) => Promise<unknown>,
    options: { readonly connection: unknown; readonly concurrency: number; readonly autorun: boolean },
  ) => { run(): Promise<void>; on(event: string, listener: (...args: unknown[]) => void): unknown };
  readonly Pool: new (
    options: object,
  ) => {
    query(text: string, values?: readonly unknown[]): Promise<unknown>;
  };
}

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** Undefined when the libraries are not installed. */
export async function loadLibraries(): Promise<Libraries | undefined> {
  const require = createRequire(`${FOLDER}package.json`);
  try {
    const load = async (name: string) => {
      const module = await import(pathToFileURL(require.resolve(name)).href);
      return { ...module.default, ...module };
    };
    const [{ Queue, Worker }, { Pool }] = [await load('bullmq'), await load('pg')];
    return { Queue, Worker, Pool };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

export const INSTALL = 'run npm ci --prefix bench/yardsticks';

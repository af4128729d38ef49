import { Worker } from 'node:worker_threads';

export interface EndpointSettings {
  readonly count: number;
  /** The response time of an endpoint that does not hang. It responds with status 200. */
  readonly answerMs: number;
}

/** One received request. Times are milliseconds since 1970. */
export interface Receipt {
  /** The endpoint's number, from 0. */
  readonly endpoint: number;
  readonly attempt: number;
  /** The response; 0 when an endpoint hangs. */
  readonly status: number;
  /** The number of the published event, from 0. */
  readonly number: number;
  readonly publishedAt: number;
  readonly receivedAt: number;
}

export type Command =
  | { readonly kind: 'hang'; readonly endpoints: readonly number[] }
  | { readonly kind: 'fail'; readonly attempts: number }
  | { readonly kind: 'take' };

export type Reply =
  | { readonly kind: 'listening'; readonly urls: readonly string[] }
  | { readonly kind: 'receipts'; readonly receipts: readonly Receipt[] };

/** The customers' endpoints, on loopback. */
export interface Endpoints {
  readonly urls: readonly string[];
  /** From now on, these endpoints accept requests and never respond. All others respond. */
  hang(endpoints: readonly number[]): void;
  /**
   * From now on, every endpoint answers 500 to the first `attempts` attempts of an event with an even number, and to one
   * fewer of an event with an odd number. 0: none fails.
   */
  fail(attempts: number): void;
  /** The requests received since the previous call. */
  takeReceipts(): Promise<readonly Receipt[]>;
  close(): Promise<void>;
}

export async function startEndpoints(settings: EndpointSettings): Promise<Endpoints> {
  const worker = new Worker(new URL('./endpoints-thread.ts', import.meta.url), { workerData: settings });
  const failed = new Promise<never>((_, reject) => {
    worker.once('error', reject);
  });
  // Prevent an unhandled rejection: `next` awaits this later.
  failed.catch(() => undefined);
  const next = (): Promise<Reply> =>
    Promise.race([new Promise<Reply>((resolve) => worker.once('message', resolve)), failed]);
  const send = (command: Command): void => worker.postMessage(command);

  const listening = await next();
  return {
    urls: listening.kind === 'listening' ? listening.urls : [],
    hang: (endpoints) => send({ kind: 'hang', endpoints }),
    fail: (attempts) => send({ kind: 'fail', attempts }),
    async takeReceipts() {
      send({ kind: 'take' });
      const reply = await next();
      return reply.kind === 'receipts' ? reply.receipts : [];
    },
    async close() {
      await worker.terminate();
    },
  };
}

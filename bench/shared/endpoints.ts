import { Worker } from 'node:worker_threads';

export interface EndpointSettings {
  readonly count: number;
  /** How long a healthy endpoint takes to answer 200. */
  readonly answerMs: number;
}

/** One request as an endpoint received it. Times are milliseconds since 1970. */
export interface Receipt {
  /** Which endpoint, from 0. */
  readonly endpoint: number;
  readonly attempt: number;
  /** Which of the published events, from 0. */
  readonly number: number;
  readonly publishedAt: number;
  readonly receivedAt: number;
}

export type Command =
  | { readonly kind: 'hang'; readonly endpoints: readonly number[] }
  | { readonly kind: 'take' };

export type Reply =
  | { readonly kind: 'listening'; readonly urls: readonly string[] }
  | { readonly kind: 'receipts'; readonly receipts: readonly Receipt[] };

/** The customers' endpoints, on loopback. */
export interface Endpoints {
  readonly urls: readonly string[];
  /** From now on these accept requests and never answer; the others answer. */
  hang(endpoints: readonly number[]): void;
  /** The requests received since the previous call. */
  takeReceipts(): Promise<readonly Receipt[]>;
  close(): Promise<void>;
}

export async function startEndpoints(settings: EndpointSettings): Promise<Endpoints> {
  const worker = new Worker(new URL('./endpoints-thread.ts', import.meta.url), { workerData: settings });
  const failed = new Promise<never>((_, reject) => {
    worker.once('error', reject);
  });
  failed.catch(() => undefined);
  const next = (): Promise<Reply> =>
    Promise.race([new Promise<Reply>((resolve) => worker.once('message', resolve)), failed]);
  const send = (command: Command): void => worker.postMessage(command);

  const listening = await next();
  return {
    urls: listening.kind === 'listening' ? listening.urls : [],
    hang: (endpoints) => send({ kind: 'hang', endpoints }),
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

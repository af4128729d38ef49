/** The messages between a benchmark and the process of a yardstick's sender. */

export type ToWorker = { readonly kind: 'run'; readonly deliveries: number };

export type FromWorker =
  | { readonly kind: 'ready' }
  /** All deliveries of the run were answered with status 200. `cpuUs` is the process's own user and system time. */
  | { readonly kind: 'done'; readonly cpuUs: number };

export interface WorkerSettings {
  /** The endpoints. `ca` is the authority of their certificates, in PEM. */
  readonly urls: readonly string[];
  readonly ca: string;
  readonly redisPort?: number;
  readonly postgresPort?: number;
}

/** POSTs in progress at once. */
export const IN_FLIGHT = 64;
export const QUEUE_NAME = 'deliveries';
export const SECRET = 'the_customers_secret';

/** About 1 KiB, like the events of the benchmark. */
export function deliveryBody(number: number): string {
  return JSON.stringify({
    id: `evt_${number}`,
    type: 'ppt.generation.completed',
    created: '2026-11-26T00:00:00Z',
    data: { number, padding: 'x'.repeat(900) },
  });
}

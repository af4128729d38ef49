import { Pool } from 'undici';
import { signedHeaders } from './sign.ts';
import {
  deliveryBody,
  type FromWorker,
  IN_FLIGHT,
  type ToWorker,
  type WorkerSettings,
} from './worker-protocol.ts';

/** A loop that signs and POSTs with undici's fastest interface, and does nothing else. */

const { urls, ca }: WorkerSettings = JSON.parse(process.argv[2] ?? '{}');
const pools = urls.map(
  (url) => new Pool(url, { connections: Math.ceil(IN_FLIGHT / urls.length), pipelining: 1, connect: { ca } }),
);
let next = 0;

function post(number: number): Promise<void> {
  const body = deliveryBody(number);
  const headers = signedHeaders(`evt_${number}`, body);
  const pool = pools[number % pools.length];
  return new Promise((resolve, reject) => {
    let status = 0;
    pool?.dispatch(
      { method: 'POST', path: '/', headers, body },
      {
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData() {},
        onResponseEnd: () => (status === 200 ? resolve() : reject(new Error(`status ${status}`))),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

async function run(deliveries: number): Promise<void> {
  const end = next + deliveries;
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (next < end) await post(next++);
    }),
  );
  const { user, system } = process.cpuUsage(before);
  send({ kind: 'done', cpuUs: user + system });
}

const send = (message: FromWorker): void => {
  process.send?.(message);
};
process.on('message', ({ deliveries }: ToWorker) => void run(deliveries));
send({ kind: 'ready' });

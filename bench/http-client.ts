import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { testDelivery } from '../fixtures/delivery.ts';
import { deliveryHeaders } from '../lambdas/shared/http/headers.ts';
import { createPoster } from '../lambdas/shared/http/post.ts';
import { median } from '../measurement/statistics.ts';
import { type Servers, startServers } from './shared/http-client-server.ts';

const HELP = `Measures the CPU time of this process for one POST over TLS, in pairs of warm runs. Connections are reused.

  npm run bench:http-client -- [--pairs 21] [--posts 4000] [--new-connections] [--baseline FOLDER]

--new-connections  each POST opens a connection: the endpoints close it after their response
--baseline  another checkout of this project to compare with; without it, undici's Pool is compared
`;
const ORIGINS = 8;
const IN_FLIGHT = 64;
const BODY = 'x'.repeat(1_024);
const SIGNED = { signedAt: 0, hex: 'a'.repeat(64), standard: `v1,${'a'.repeat(44)}` };
const HEADERS = deliveryHeaders(testDelivery(), SIGNED, 1);

interface Client {
  /** Resolves to the status. */
  post(port: number): Promise<number>;
  close(): Promise<void>;
}

function clientOf(create: typeof createPoster, { ca }: Servers): Client {
  const poster = create({ allowPrivateEndpoints: true, tls: { ca } });
  return {
    post: async (port) => {
      const url = `https://localhost:${port}/hook`;
      const result = await poster.post({ url, headers: HEADERS, body: BODY, readBody: () => 'nothing' });
      if (result.kind === 'failed') throw new Error(result.reason);
      return result.status;
    },
    close: () => poster.close(),
  };
}

function undiciClient({ ca, ports }: Servers): Client {
  const options = { connections: IN_FLIGHT / ORIGINS, pipelining: 1, allowH2: false, connect: { ca } };
  const pools = new Map(ports.map((port) => [port, new Pool(`https://localhost:${port}`, options)]));
  return {
    post: (port) =>
      new Promise((resolve, reject) => {
        let status = 0;
        pools.get(port)?.dispatch(
          { method: 'POST', path: '/hook', headers: HEADERS, body: BODY },
          {
            onRequestStart() {},
            onResponseStart(_controller, statusCode) {
              status = statusCode;
            },
            onResponseData() {},
            onResponseEnd: () => resolve(status),
            onResponseError: (_controller, error) => reject(error),
          },
        );
      }),
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

/** Microseconds of CPU time for one POST, as the mean of `posts` POSTs. */
async function run(client: Client, { ports }: Servers, posts: number): Promise<number> {
  let remaining = posts;
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async (_, n) => {
      for (; remaining > 0; remaining--) {
        const status = await client.post(ports[n % ORIGINS] ?? 0);
        if (status !== 200) throw new Error(`status ${status}`);
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / posts;
}

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '21' },
    posts: { type: 'string', default: '4000' },
    baseline: { type: 'string' },
    'new-connections': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
} else {
  const servers = await startServers(ORIGINS, values['new-connections']);
  const ours = clientOf(createPoster, servers);
  const other =
    values.baseline === undefined
      ? undiciClient(servers)
      : clientOf(
          (await import(pathToFileURL(join(resolve(values.baseline), 'lambdas/shared/http/post.ts')).href))
            .createPoster,
          servers,
        );
  const posts = Number(values.posts);
  await run(ours, servers, posts);
  await run(other, servers, posts);
  const pairs: { ours: number; other: number }[] = [];
  for (let n = 0; n < Number(values.pairs); n++) {
    // Alternate the order, so that a change of the machine's load affects both clients.
    const first = n % 2 === 0 ? await run(ours, servers, posts) : undefined;
    const cost = await run(other, servers, posts);
    pairs.push({ ours: first ?? (await run(ours, servers, posts)), other: cost });
  }
  const name = values.baseline === undefined ? "undici's Pool" : 'baseline';
  const ratios = pairs.map((pair) => pair.ours / pair.other).toSorted((a, b) => a - b);
  process.stdout.write(
    `this client ${median(pairs.map((pair) => pair.ours)).toFixed(1)} us, ` +
      `${name} ${median(pairs.map((pair) => pair.other)).toFixed(1)} us of CPU time for one POST\n` +
      `ratio: median ${median(ratios).toFixed(3)}, from ${ratios[0]?.toFixed(3)} to ${ratios.at(-1)?.toFixed(3)}\n`,
  );
  await ours.close();
  await other.close();
  servers.close();
}

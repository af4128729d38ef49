import { createServer, type IncomingHttpHeaders } from 'node:http';
import { until } from './until.ts';

/** One request as a customer's server received it. */
export interface Request {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  /** The bytes of the body, as they came. */
  readonly body: Buffer;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** A customer's server: answers challenges, keeps every other request, and answers as the test says. */
export interface Customer {
  url(path?: string): string;
  /** Requests that were no challenges, in their order. */
  readonly requests: readonly Request[];
  readonly challenges: readonly Request[];
  /** Waits for that many requests whose path, or event, is this one. */
  received(count: number, where?: (request: Request) => boolean, withinMs?: number): Promise<Request[]>;
  close(): Promise<void>;
}

export async function startCustomer(
  answerOf: (request: Request, nth: number) => Answer | 'never' | Promise<Answer> = () => ({ status: 200 }),
): Promise<Customer> {
  const requests: Request[] = [];
  const challenges: Request[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request: Request = {
      path: incoming.url ?? '/',
      headers: incoming.headers,
      rawHeaders: incoming.rawHeaders,
      body: Buffer.concat(chunks),
      at: Date.now(),
    };
    if (request.headers['x-webhook-event'] === 'webhook.verification') {
      challenges.push(request);
      const { challenge } = JSON.parse(request.body.toString()).data;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ challenge }));
      return;
    }
    requests.push(request);
    const nth = requests.filter(({ path }) => path === request.path).length;
    const answer = await answerOf(request, nth);
    if (answer !== 'never') response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the customer has no port');
  const customer: Customer = {
    requests,
    challenges,
    url: (path = '/') => `http://127.0.0.1:${address.port}${path}`,
    received: (count, where = () => true, withinMs = 20_000) =>
      until(
        `${count} requests`,
        () => {
          const found = requests.filter(where);
          return found.length >= count ? found : undefined;
        },
        withinMs,
      ),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return customer;
}

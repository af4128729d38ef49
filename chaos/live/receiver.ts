import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEndpoints, type Reply, SLOW_MS } from '../endpoints.ts';
import type { History } from '../history.ts';
import type { Scenario } from '../scenario.ts';

/** The customers' endpoints of a scenario on one loopback port. Each has a path instead of a host name. */
export interface Receiver {
  /** The real address of an endpoint that has this URL in the scenario. */
  addressOf(url: string): string;
  /** The URL in the scenario of a real address. */
  urlOf(address: string): string;
  close(): Promise<void>;
}

const URL_FORM = /^https:\/\/([wc]\d+)\.customer\.example\//;
const PATH_FORM = /^\/([wc]\d+)\//;
/** The time of an answer that is not slow. */
const ANSWER_MS = 20;

export async function startReceiver(scenario: Scenario, history: History): Promise<Receiver> {
  const replyTo = createEndpoints(scenario);
  const closing = new AbortController();

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const url = (request.url ?? '').replace(PATH_FORM, 'https://$1.customer.example/');
    const headers = rawHeadersOf(request);
    const reply = replyTo({ url, deliveryId: headers['X-Webhook-Delivery'] ?? '', body });
    const post = history.nextPost();
    history.add({ kind: 'posted', post, url, headers, body, answer: reply.answer });
    await sleep(reply.answer === 'slow' ? SLOW_MS : ANSWER_MS, undefined, { signal: closing.signal });
    history.add({ kind: 'answered', post });
    send(response, reply);
  };

  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port');
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    addressOf: (url) => url.replace(URL_FORM, `${origin}/$1/`),
    urlOf: (text) =>
      text.startsWith(origin)
        ? text.slice(origin.length).replace(PATH_FORM, 'https://$1.customer.example/')
        : text,
    async close() {
      closing.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Every request has its own connection: closing it affects no other request. */
function send(response: ServerResponse, { status, body }: Reply): void {
  if (status === undefined) {
    response.destroy();
    return;
  }
  response.setHeader('connection', 'close');
  response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end(body);
}

/** The headers with their names as sent. */
function rawHeadersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers[rawHeaders[index] ?? ''] = rawHeaders[index + 1] ?? '';
  }
  return headers;
}

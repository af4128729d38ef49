import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAnswers, postOf, rightAnswer, SLOW_MS, WRONG_ANSWER } from '../customers.ts';
import type { History } from '../history.ts';
import type { Answer, Scenario } from '../scenario.ts';

/** The customers of a scenario, all behind one port of this machine: each has a path instead of a host. */
export interface Receiver {
  /** Where the customer is whom the scenario has at that URL. */
  addressOf(url: string): string;
  /** The other way round. */
  urlOf(address: string): string;
  close(): Promise<void>;
}

const URL_FORM = /^https:\/\/([wc]\d+)\.customer\.example\//;
const PATH_FORM = /^\/([wc]\d+)\//;
/** Neither quick nor marked as slow. */
const THINKING_MS = 20;

export async function startReceiver(scenario: Scenario, history: History): Promise<Receiver> {
  const answerOf = createAnswers(scenario);
  const closing = new AbortController();

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const at = Date.now();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const url = (request.url ?? '').replace(PATH_FORM, 'https://$1.customer.example/');
    const headers = spelledHeaders(request);
    const answer = answerOf(url, headers['X-Webhook-Delivery'] ?? '');
    const post = postOf({ url, headers, body }, { at, answer });
    history.posts.push(post);
    history.lines.push({
      at,
      text: `${url} receives ${post.eventId}, attempt ${post.attempt} of ${post.deliveryId}: ${answer}`,
    });
    await sleep(answer === 'slow' ? SLOW_MS : THINKING_MS, undefined, { signal: closing.signal });
    post.endedAt = Date.now();
    reply(response, answer, body);
  };

  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the customers have no port');
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

/** Every request has a connection of its own: one that is cut cost a request that was never answered, and no more. */
function reply(response: ServerResponse, answer: Answer, body: string): void {
  response.setHeader('connection', 'close');
  switch (answer) {
    case 'ok':
    case 'slow':
    case 'crawl':
      response.writeHead(200).end(rightAnswer(body));
      return;
    case 'wrong':
      response.writeHead(200).end(WRONG_ANSWER);
      return;
    case 'error':
      response.writeHead(500).end('oops');
      return;
    case 'redirect':
      response.writeHead(302, { location: '/elsewhere' }).end();
      return;
    case 'hang':
    case 'unreachable':
    case 'private':
      response.destroy();
  }
}

/** With their names as they were sent. */
function spelledHeaders({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers[rawHeaders[index] ?? ''] = rawHeaders[index + 1] ?? '';
  }
  return headers;
}

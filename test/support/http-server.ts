import { createServer, type IncomingHttpHeaders } from 'node:http';

/** One request as the server received it. */
export interface Request {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** Milliseconds since 1970, when the body was complete. */
  readonly at: number;
}

export interface Answer {
  readonly status: number;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
}

/** `never`: no response; the request stays open until one side closes the connection. */
export type AnswerOf = (request: Request) => Answer | 'never' | Promise<Answer | 'never'>;

export interface HttpServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Closes open connections, too. */
  close(): Promise<void>;
}

/** Starts an HTTP server on loopback. It ignores a request that its client does not complete. */
export async function startHttpServer(answerOf: AnswerOf): Promise<HttpServer> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    // Not `for await`, which throws if the client closes the connection within the body.
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', async () => {
      const answer = await answerOf({
        path: incoming.url ?? '/',
        headers: incoming.headers,
        rawHeaders: incoming.rawHeaders,
        body: Buffer.concat(chunks),
        at: Date.now(),
      });
      if (answer !== 'never') response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

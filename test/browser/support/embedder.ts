import { createServer } from 'node:http';

export interface Embedder {
  /** On `localhost`: another site than the console's, which is on 127.0.0.1. */
  readonly origin: string;
  /** A page that shows the address in its fragment in a frame, and keeps the messages of the frame in `messages`. */
  readonly url: string;
  close(): Promise<void>;
}

const PAGE = `<!doctype html>
<html lang="en">
  <title>A shop</title>
  <link rel="icon" href="data:," />
  <h1>A shop</h1>
  <script>
    window.messages = [];
    addEventListener('message', ({ origin, data }) => messages.push({ origin, data }));
    const frame = document.createElement('iframe');
    frame.title = 'Webhooks';
    frame.width = 900;
    frame.height = 600;
    frame.src = decodeURIComponent(location.hash.slice(1));
    document.body.append(frame);
  </script>
</html>
`;

/** The site of an operator, or of somebody else. */
export async function startEmbedder(): Promise<Embedder> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const origin = `http://localhost:${address.port}`;
  return {
    origin,
    url: `${origin}/`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

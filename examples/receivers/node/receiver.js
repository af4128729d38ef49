import { createServer } from 'node:http';
import { acceptEvent } from './inbox.js';

/** The limit of the sender, 256 KiB. */
const MAX_BODY_BYTES = 262_144;

/**
 * Serves POST /webhook on PORT, default 3000. `isAuthentic(body, headers)` verifies the signature over `body`, a Buffer with
 * the bytes as they were received: JSON that was parsed and written again has other bytes.
 */
export function startReceiver(isAuthentic) {
  const server = createServer(async (request, response) => {
    try {
      const [status, answer] = await answerRequest(request, isAuthentic);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    } catch (error) {
      // Only this request fails: the client closed the connection, or there is a bug. The sender tries again.
      console.error(error);
      response.writeHead(500).end();
    }
  });
  server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}/webhook`);
  });
}

async function answerRequest(request, isAuthentic) {
  if (request.method !== 'POST' || request.url !== '/webhook') return [404, { error: 'Not found' }];
  const body = await readBody(request);
  if (body === undefined) return [413, { error: 'Body too large' }];
  if (!isAuthentic(body, request.headers)) return [400, { error: 'Invalid signature' }];

  const event = JSON.parse(body);
  if (event.type === 'webhook.verification') return [200, { challenge: event.data.challenge }];
  // Every status but 200 makes the sender try again later.
  return acceptEvent(event) ? [200, { status: 'success' }] : [503, { error: 'Too many events are waiting' }];
}

async function readBody(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const { WEBHOOK_SECRET, PORT = '3000' } = process.env;
if (!WEBHOOK_SECRET) throw new Error('WEBHOOK_SECRET is not set');

/** An older request may be a recorded one that an attacker sends again. */
const MAX_AGE_SECONDS = 300;
const MAX_BODY_BYTES = 262_144;

/** `body` has the bytes as they arrived: JSON that is parsed and written again has different bytes. */
function isAuthentic(headers, body) {
  const timestamp = headers['x-webhook-timestamp'];
  const hmac = createHmac('sha256', WEBHOOK_SECRET).update(`${timestamp}.`).update(body);
  const expected = Buffer.from(`sha256=${hmac.digest('hex')}`);
  const isEqual = (name) => {
    const given = Buffer.from(headers[name] ?? '');
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
  // During a rotation, the second header has a signature with the previous secret.
  const isSigned = isEqual('x-webhook-signature') || isEqual('x-webhook-signature-previous');
  return isSigned && Math.abs(Date.now() / 1000 - timestamp) <= MAX_AGE_SECONDS;
}

async function answer(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  if (bytes > MAX_BODY_BYTES) return [413, {}];
  if (!isAuthentic(request.headers, body)) return [400, { error: 'Invalid signature' }];

  const event = JSON.parse(body);
  if (event.type === 'webhook.verification') return [200, { challenge: event.data.challenge }];
  // Your code: store the event, once for each id, and handle it after the answer.
  console.log('received', event.id, event.type);
  return [200, {}];
}

const server = createServer(async (request, response) => {
  // Every status but 200 makes the sender try again later.
  const [status, content] = await answer(request).catch(() => [500, {}]);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
});
server.listen(PORT, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

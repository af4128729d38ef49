import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const secret = process.env.WEBHOOK_SECRET;
// With an empty key anybody could sign.
if (!secret) throw new Error('WEBHOOK_SECRET is not set: expected is the secret of the webhook');

/** Refuses recorded requests that are sent again later. Retries have a timestamp of their own. */
const TOLERANCE_SECONDS = 300;
/** The limit of the sender, 256 KiB. */
const MAX_BODY_BYTES = 262_144;
const JSON_TYPE = { 'content-type': 'application/json' };

/** `body` has the bytes as they were received: JSON that was parsed and written again has other bytes. */
function isAuthentic(headers, body) {
  const timestamp = headers['x-webhook-timestamp'] ?? '';
  const isRecent = Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS;
  const hex = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
  // The second header is by the previous secret, while a rotation's grace time lasts.
  const signatures = [headers['x-webhook-signature'], headers['x-webhook-signature-previous']];
  return isRecent && signatures.some((signature) => isEqual(signature ?? '', `sha256=${hex}`));
}

/** In constant time: the duration does not show where a forged signature differs. */
function isEqual(given, expected) {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function answer(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) return [413, { error: 'Body too large' }];
  const body = Buffer.concat(chunks);
  if (!isAuthentic(request.headers, body)) return [400, { error: 'Invalid signature' }];

  const event = JSON.parse(body);
  if (event.type === 'webhook.verification') return [200, { challenge: event.data.challenge }];
  // Your code: store the event, once for each event.id, and handle it after the answer.
  console.log('received', event.id, event.type);
  return [200, { status: 'success' }];
}

const server = createServer((request, response) => {
  answer(request).then(
    ([status, json]) => response.writeHead(status, JSON_TYPE).end(JSON.stringify(json)),
    // A status other than 200: the event is sent again.
    (error) => response.writeHead(500).end(console.error(error)),
  );
});
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

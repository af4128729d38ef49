import { createHmac, timingSafeEqual } from 'node:crypto';
import { startReceiver } from './receiver.js';

/** Refuses replayed requests: recorded ones that are sent again later. Retries have a timestamp of their own. */
const TOLERANCE_SECONDS = 300;

const secret = process.env.WEBHOOK_SECRET;
// With an empty key anybody could sign.
if (!secret) throw new Error('WEBHOOK_SECRET is not set: set it to the secret of the webhook');

startReceiver((body, headers) => {
  const timestamp = headers['x-webhook-timestamp'] ?? '';
  const isRecent = Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS;
  const hex = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
  // During the grace time of a rotation, the second header has a signature with the previous secret.
  const signatures = [headers['x-webhook-signature'], headers['x-webhook-signature-previous']];
  return isRecent && signatures.some((signature) => isEqual(signature ?? '', `sha256=${hex}`));
});

/** Constant-time comparison: its duration does not show at which byte a forged signature differs. */
function isEqual(given, expected) {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

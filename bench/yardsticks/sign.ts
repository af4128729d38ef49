import { createHmac, createSecretKey } from 'node:crypto';
import { SECRET } from './worker-protocol.ts';

const KEY = createSecretKey(Buffer.from(SECRET));

/** The headers of a signed delivery, as a do-it-yourself sender makes them. */
export function signedHeaders(id: string, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  return {
    'content-type': 'application/json',
    'user-agent': 'yardstick',
    'x-webhook-id': id,
    'x-webhook-attempt': '1',
    'x-webhook-timestamp': timestamp,
    'x-webhook-signature': `sha256=${createHmac('sha256', KEY).update(`${timestamp}.${body}`).digest('hex')}`,
  };
}

import { Webhook } from 'standardwebhooks';
import type { Request } from './http-server.ts';

/** Whether the library of Standard Webhooks accepts the request with this secret alone. */
export function acceptsSignature(secret: string, { headers, body }: Request): boolean {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  try {
    new Webhook(secret).verify(body, Object.fromEntries(names.map((name) => [name, String(headers[name])])));
    return true;
  } catch {
    return false;
  }
}

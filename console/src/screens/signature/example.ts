import { signPlain, signStandard } from './hmac.ts';

/** A request as the service sends it, signed by a secret that nobody uses. `now` is in milliseconds since 1970. */
export async function makeExample(now: number): Promise<{ headers: string; body: string; secret: string }> {
  const id = 'evt_example';
  const timestamp = String(Math.floor(now / 1_000));
  const secret = 'whsec_RXhhbXBsZSBzZWNyZXQgb2YgdGhlIGNoZWNrZXI=';
  const body = JSON.stringify({
    ...{ id, type: 'file.uploaded', created: new Date(now).toISOString() },
    data: { file_id: 'file_1' },
  });
  const headers = [
    'Content-Type: application/json',
    'X-Webhook-Event: file.uploaded',
    `X-Webhook-Timestamp: ${timestamp}`,
    `X-Webhook-Signature: sha256=${await signPlain(secret, timestamp, body)}`,
    `webhook-id: ${id}`,
    `webhook-timestamp: ${timestamp}`,
    `webhook-signature: ${await signStandard(secret, id, timestamp, body)}`,
  ];
  return { headers: headers.join('\n'), body, secret };
}

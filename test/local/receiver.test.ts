import { createHmac } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { type Received, type Receiver, startReceiver } from '../../local/receiver/receiver.ts';
import { NOW } from '../support/builders.ts';

const KNOWN = 'the secret of the demonstration';
const GENERATED = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const CHALLENGE = JSON.stringify({ type: 'webhook.verification', data: { challenge: 'c-1' } });

let receiver: Receiver | undefined;
afterEach(() => receiver?.close());

async function start() {
  const received: Received[] = [];
  receiver = await startReceiver({
    secret: KNOWN,
    clock: { now: () => NOW },
    onReceived: (one) => received.push(one),
  });
  const { url } = receiver;
  const timestamp = String(NOW / 1000);
  return {
    received,
    send: async (secret: string) => {
      const hmac = createHmac('sha256', secret).update(`${timestamp}.${CHALLENGE}`).digest('hex');
      const response = await fetch(`${url}/mine`, {
        method: 'POST',
        headers: {
          'x-webhook-event': 'webhook.verification',
          'x-webhook-timestamp': timestamp,
          'x-webhook-signature': `sha256=${hmac}`,
          'x-webhook-attempt': '1',
        },
        body: CHALLENGE,
      });
      return { status: response.status, body: await response.json() };
    },
    putSecret: async (body: string) => (await fetch(`${url}/secret`, { method: 'PUT', body })).status,
  };
}

it('answers a challenge that is signed with its secret', async () => {
  const { send } = await start();

  expect(await send(KNOWN)).toEqual({ status: 200, body: { challenge: 'c-1' } });
});

it('refuses a challenge with another secret, and answers it once the secret is known', async () => {
  const { send, putSecret, received } = await start();

  const before = await send(GENERATED);
  const putStatus = await putSecret(`${GENERATED}\n`);
  const after = await send(GENERATED);

  expect(before).toEqual({ status: 401, body: { error: expect.stringContaining('unknown secret') } });
  expect(putStatus).toBe(200);
  expect(after).toEqual({ status: 200, body: { challenge: 'c-1' } });
  expect(received.map(({ signatureValid, status }) => [signatureValid, status])).toEqual([
    [false, 401],
    [true, 200],
  ]);
});

it.each(['', ' \n', 'x'.repeat(2_000)])('refuses a body that is not a secret', async (body) => {
  const { putSecret, send } = await start();

  expect(await putSecret(body)).toBe(400);
  expect((await send(KNOWN)).status).toBe(200);
});

import { setTimeout as wait } from 'node:timers/promises';

/** A webhook as far as the demonstration looks at it. */
export interface ShownWebhook {
  readonly id: string;
  readonly status: string;
}

/** A customer of the API. */
export interface Customer {
  createWebhook(input: { url: string; events: readonly string[]; secret: string }): Promise<ShownWebhook>;
  /** Waits until the webhook has another status than `pending`. */
  untilVerified(id: string): Promise<ShownWebhook>;
}

/** Between two looks at a webhook that is being verified. */
const POLL_MS = 50;

export function createCustomer(apiUrl: string, apiKey: string): Customer {
  const call = async (method: string, path: string, body?: unknown): Promise<ShownWebhook> => {
    const response = await fetch(apiUrl + path, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return parseWebhook(text);
  };
  return {
    createWebhook: (input) => call('POST', '/v1/webhooks', input),
    async untilVerified(id) {
      for (;;) {
        const webhook = await call('GET', `/v1/webhooks/${id}`);
        if (webhook.status !== 'pending') return webhook;
        await wait(POLL_MS);
      }
    },
  };
}

function parseWebhook(text: string): ShownWebhook {
  const json: unknown = JSON.parse(text);
  if (typeof json === 'object' && json !== null && 'id' in json && 'status' in json) {
    return { id: String(json.id), status: String(json.status) };
  }
  throw new Error(`expected a webhook, got ${text}`);
}

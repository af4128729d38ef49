import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { type PublishableType, parseEventTypes } from '../catalogue.ts';

const ShownWebhook = z.object({ id: z.string(), status: z.string() });
/** A webhook as far as the demonstration looks at it. */
export type ShownWebhook = Readonly<z.infer<typeof ShownWebhook>>;

/** A customer of the API. */
export interface Customer {
  /** The operator's catalogue, as it is deployed. */
  listEventTypes(): Promise<PublishableType[]>;
  createWebhook(input: { url: string; events: readonly string[]; secret: string }): Promise<ShownWebhook>;
  /** Waits until the webhook has another status than `pending`. */
  untilVerified(id: string): Promise<ShownWebhook>;
}

/** Between two looks at a webhook that is being verified. */
const POLL_MS = 50;

/** Every call throws, with the answer in its words, when it is not answered well. */
export function createCustomer(apiUrl: string, apiKey: string): Customer {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(apiUrl + path, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return JSON.parse(text);
  };
  return {
    listEventTypes: async () => parseEventTypes(await call('GET', '/v1/event-types')),
    createWebhook: async (input) => ShownWebhook.parse(await call('POST', '/v1/webhooks', input)),
    async untilVerified(id) {
      for (;;) {
        const webhook = ShownWebhook.parse(await call('GET', `/v1/webhooks/${id}`));
        if (webhook.status !== 'pending') return webhook;
        await wait(POLL_MS);
      }
    },
  };
}

import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { createApi } from '../api-client.ts';
import { type PublishableType, parseEventTypes } from '../catalogue.ts';

const WebhookStatus = z.object({ id: z.string(), status: z.string() });
/** The fields of a webhook that the demonstration needs. */
export type WebhookStatus = Readonly<z.infer<typeof WebhookStatus>>;

/** A client of the customers' API. */
export interface Customer {
  /** The deployed catalogue. */
  listEventTypes(): Promise<PublishableType[]>;
  createWebhook(input: { url: string; events: readonly string[]; secret: string }): Promise<WebhookStatus>;
  /** Waits until the webhook's status is no longer `pending`. */
  untilVerified(id: string): Promise<WebhookStatus>;
}

/** Time between two requests for the status of a webhook. */
const POLL_MS = 50;

/** Every call throws an ApiRefusal if its status is not 2xx. */
export function createCustomer(apiUrl: string, apiKey: string): Customer {
  const api = createApi(apiUrl, async () => apiKey);
  return {
    listEventTypes: async () => parseEventTypes(await api.call('GET', '/v1/event-types')),
    createWebhook: async (input) => WebhookStatus.parse(await api.call('POST', '/v1/webhooks', input)),
    async untilVerified(id) {
      for (;;) {
        const webhook = WebhookStatus.parse(await api.call('GET', `/v1/webhooks/${id}`));
        if (webhook.status !== 'pending') return webhook;
        await wait(POLL_MS);
      }
    },
  };
}

import type { Call } from './calls/call.ts';
import { createWebhook } from './calls/create-webhook.ts';
import { deleteWebhook } from './calls/delete-webhook.ts';
import { getWebhook } from './calls/get-webhook.ts';
import { listEventTypes } from './calls/list-event-types.ts';
import { listWebhooks } from './calls/list-webhooks.ts';
import { testWebhook } from './calls/test-webhook.ts';
import { updateWebhook } from './calls/update-webhook.ts';
import { verifyWebhook } from './calls/verify-webhook.ts';
import type { CallName } from './routes.ts';

/** The calls that need an account. */
export const CALLS: Readonly<Record<Exclude<CallName, 'getOpenApi'>, Call>> = {
  createWebhook,
  listWebhooks,
  getWebhook,
  updateWebhook,
  deleteWebhook,
  verifyWebhook,
  testWebhook,
  listEventTypes,
};

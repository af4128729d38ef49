import { changeWebhook } from '../change-webhook.ts';
import { planVerification } from '../plan-update.ts';
import type { Call } from './call.ts';

/** Sends a new challenge to the URL that is not verified yet. An answer to the previous challenge has no effect then. */
export const verifyWebhook: Call = (request, deps) =>
  changeWebhook(request, deps, (webhook, now) => planVerification(webhook, now, deps.checkUrl), 202);

import { changeWebhook } from '../change-webhook.ts';
import { planVerification } from '../plan-update.ts';
import type { Call } from './call.ts';

/** Sends a new challenge to the URL that waits for one; the challenge before it is answered in vain. */
export const verifyWebhook: Call = (request, deps) =>
  changeWebhook(request, deps, (webhook, now) => planVerification(webhook, now, deps.checkUrl), 202);

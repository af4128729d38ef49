import { changeWebhook } from '../change-webhook.ts';
import { planUpdate } from '../plan-update.ts';
import { readInput } from '../read-input.ts';
import type { Call } from './call.ts';

/** Changes the given fields, all or none. A new URL is challenged while the current one stays in use. */
export const updateWebhook: Call = async (request, deps) => {
  const input = readInput(deps.schemas.updateWebhook, request.body);
  if (!input.ok) return input.reply;
  return changeWebhook(request, deps, (webhook, now) => planUpdate(webhook, input.value, now), 200);
};

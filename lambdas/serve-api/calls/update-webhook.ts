import { changeWebhook } from '../change-webhook.ts';
import { planUpdate } from '../plan-update.ts';
import { readInput } from '../read-input.ts';
import type { Call } from './call.ts';

/** Changes the fields that are given, all or none. A new URL is challenged beside the one in force. */
export const updateWebhook: Call = async (request, deps) => {
  const input = readInput(deps.schemas.updateWebhook, request.body);
  if (!input.ok) return input.reply;
  return changeWebhook(request, deps, (webhook, now) => planUpdate(webhook, input.value, now), 200);
};

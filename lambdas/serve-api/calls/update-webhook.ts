import { parseWebhookId } from '../../shared/domain/ids.ts';
import { changeWebhook } from '../change-webhook.ts';
import { whyNotListening } from '../listening.ts';
import { planUpdate } from '../plan-update.ts';
import { readInput } from '../read-input.ts';
import type { Call } from './call.ts';

/** Changes the fields that are given, all or none. A new URL is challenged beside the one in force. */
export const updateWebhook: Call = async (request, deps) => {
  const input = readInput(deps.schemas.updateWebhook, request.body);
  if (!input.ok) return input.reply;
  const { events } = input.value;
  const itself = parseWebhookId(request.webhookId);
  if (events !== undefined && itself !== undefined) {
    const refusal = await whyNotListening(request.accountId, events, deps, itself);
    if (refusal !== undefined) return refusal;
  }
  return changeWebhook(request, deps, (webhook, now) => planUpdate(webhook, input.value, now), 200);
};

import { HEADER_VALUE_MASK } from '../../shared/domain/custom-headers.ts';
import type { Webhook } from '../../shared/domain/webhook.ts';
import type { WebhookView } from '../schemas/webhook.ts';

/** A webhook as its owner sees it: always with all fields, and without secrets and values of headers, also encrypted ones. */
export function toWebhookView(webhook: Webhook): WebhookView {
  return {
    id: webhook.id,
    url: webhook.url,
    pending_url: webhook.pendingUrl ?? null,
    events: [...webhook.events],
    description: webhook.description ?? null,
    status: webhook.status,
    verified: webhook.verified,
    verification_error: webhook.verificationError ?? null,
    success_status: webhook.successStatus ?? null,
    headers: Object.fromEntries(
      (webhook.customHeaders?.names ?? []).map((name) => [name, HEADER_VALUE_MASK] as const),
    ),
    slow_since: webhook.slowSince ?? null,
    created_at: webhook.createdAt,
    updated_at: webhook.updatedAt,
  };
}

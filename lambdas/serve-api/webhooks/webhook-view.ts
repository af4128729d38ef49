import { HEADER_VALUE_MASK } from '../../shared/domain/custom-headers.ts';
import type { Webhook } from '../../shared/domain/webhook.ts';
import type { WebhookView } from '../open-api/schemas/webhook.ts';

/** The marks of a webhook's health, which need no read of its deliveries. */
export function healthMarks(
  webhook: Webhook,
): Pick<
  WebhookView,
  'exhausted_in_row' | 'failing_since' | 'warned_at' | 'disabled_by' | 'disabled_reason' | 'disabled_at'
> {
  const isDisabled = webhook.status === 'disabled';
  const byService = isDisabled && webhook.disabledReason !== undefined;
  return {
    exhausted_in_row: webhook.exhaustedInRow ?? 0,
    failing_since: webhook.failingSince ?? null,
    warned_at: webhook.warnedAt ?? null,
    disabled_by: byService ? 'service' : isDisabled ? 'customer' : null,
    disabled_reason: byService ? (webhook.disabledReason ?? null) : null,
    disabled_at: byService ? (webhook.disabledAt ?? null) : null,
  };
}

/** A webhook as its owner sees it: with all fields, and without secrets and values of headers, not even encrypted ones. */
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
    previous_secret_expires_at: webhook.secrets[1]?.expiresAt ?? null,
    slow_since: webhook.slowSince ?? null,
    ...healthMarks(webhook),
    created_at: webhook.createdAt,
    updated_at: webhook.updatedAt,
  };
}

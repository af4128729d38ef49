import type { Webhook } from '../../shared/domain/webhook.ts';
import type { CheckUrl } from '../schemas/input-fields.ts';

/** Why a delivery to this webhook would be held or refused; undefined for a webhook that receives deliveries. */
export function whyNotReceiving(webhook: Webhook, checkUrl: CheckUrl): string | undefined {
  if (webhook.status !== 'active') {
    return `the webhook is ${webhook.status}; only an active webhook is sent deliveries`;
  }
  const checked = checkUrl(webhook.url);
  return checked.ok ? undefined : `the URL of the webhook is not allowed: ${checked.reason}`;
}

import { createHash } from 'node:crypto';
import type { Webhook } from '../../shared/domain/webhook.ts';
import type { ApiResponse } from '../response.ts';
import { toWebhookView } from './webhook-view.ts';

/** Enough that two states of one webhook never have the same ETag. */
const ETAG_CHARACTERS = 22;

/** Fields of the view that the service changes in the background. A change of these alone keeps the ETag. */
const BACKGROUND_FIELDS: readonly string[] = [
  ...['slow_since', 'exhausted_in_row', 'failing_since', 'warned_at', 'updated_at'],
];

/** A webhook as the answer to a call, with its ETag. */
export function webhookAnswer(status: 200 | 201 | 202, webhook: Webhook): ApiResponse {
  return { status, headers: { etag: etagOf(webhook) }, body: toWebhookView(webhook) };
}

/**
 * The ETag of a webhook, with its quotes: a hash of what its owner sees, except for BACKGROUND_FIELDS. Two webhooks with
 * the same fields have different ETags, since the id is one of the fields.
 */
export function etagOf(webhook: Webhook): string {
  const fields = Object.entries(toWebhookView(webhook)).filter(([name]) => !BACKGROUND_FIELDS.includes(name));
  const hash = createHash('sha256').update(JSON.stringify(fields)).digest('base64url');
  return `"${hash.slice(0, ETAG_CHARACTERS)}"`;
}

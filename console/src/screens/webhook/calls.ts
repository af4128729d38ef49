import { answerOf, api, bodyOf } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';

export type Webhook = components['schemas']['Webhook'];
type Changes = components['schemas']['UpdateWebhook'];

/** The webhook with its version. */
export function readWebhook(id: string, signal: AbortSignal) {
  return answerOf(api.GET('/v1/webhooks/{webhook_id}', { params: { path: { webhook_id: id } }, signal }));
}

/** Fails with 412 when the webhook is not in this version any more. */
export function changeWebhook(id: string, etag: string | undefined, body: Changes) {
  const header = etag === undefined ? {} : { 'If-Match': etag };
  return bodyOf(
    api.PATCH('/v1/webhooks/{webhook_id}', { params: { path: { webhook_id: id }, header }, body }),
  );
}

export function verifyWebhook(id: string) {
  return bodyOf(api.POST('/v1/webhooks/{webhook_id}/verify', { params: { path: { webhook_id: id } } }));
}

/** The held deliveries that were not repeated; `at_least` when there are more than one request can count. */
export function countHeld({ id, created_at: since }: Webhook, signal: AbortSignal) {
  return bodyOf(
    api.POST('/v1/webhooks/{webhook_id}/recover', {
      params: { path: { webhook_id: id } },
      body: { since, status: ['held'], dry_run: true },
      signal,
    }),
  );
}

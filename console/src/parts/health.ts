import { api, bodyOf } from '../api/client.ts';
import type { components } from '../api/schema.d.ts';

export type Health = components['schemas']['WebhookHealth'];

export function readHealth(id: string, signal: AbortSignal): Promise<Health> {
  return bodyOf(
    api.GET('/v1/webhooks/{webhook_id}/health', { params: { path: { webhook_id: id } }, signal }),
  );
}

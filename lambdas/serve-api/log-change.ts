import type { Log } from '../shared/runtime/observability.ts';
import type { ApiEvent } from './api-event.ts';
import type { ApiResponse } from './response.ts';

/** Logs which API key changed which webhook. A refused call has changed nothing and is not logged. */
export function logChange(log: Log, event: ApiEvent, { status, body }: ApiResponse): void {
  if (status >= 400) return;
  log.info('a customer made a change', {
    call: event.route?.call,
    status,
    account_id: event.accountId,
    key_id: event.keyId,
    webhook_id: event.routeParameters?.webhook_id ?? webhookIdIn(body) ?? webhookIdIn(event.json),
  });
}

function webhookIdIn(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return undefined;
  return Reflect.get(body, 'webhook_id') ?? Reflect.get(body, 'id');
}

import { parseListenerId } from '../shared/domain/ids.ts';
import type { Log } from '../shared/runtime/observability.ts';
import type { ApiEvent } from './api-event.ts';
import { REPLAYED_HEADER } from './idempotency.ts';
import type { ApiResponse } from './response.ts';

/** Logs which API key changed which webhook or listener. A refused call and a repeated one have changed nothing and are not logged. */
export function logChange(log: Log, event: ApiEvent, { status, body, headers }: ApiResponse): void {
  if (status >= 400 || headers?.[REPLAYED_HEADER] !== undefined) return;
  const webhookId = event.routeParameters?.webhook_id ?? webhookIdIn(body) ?? webhookIdIn(event.json);
  log.info('a customer made a change', {
    call: event.route?.call,
    status,
    request_id: event.requestContext.requestId,
    account_id: event.accountId,
    key_id: event.keyId,
    ...subjectOf(event.routeParameters?.listener_id ?? webhookId),
  });
}

/** A listener and a webhook are distinguished by their ids. */
function subjectOf(id: unknown): { readonly listener_id: unknown } | { readonly webhook_id: unknown } {
  return parseListenerId(id) === undefined ? { webhook_id: id } : { listener_id: id };
}

function webhookIdIn(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return undefined;
  return Reflect.get(body, 'webhook_id') ?? Reflect.get(body, 'id');
}

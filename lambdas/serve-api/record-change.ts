import type { Log } from '../shared/runtime/observability.ts';
import type { Reply } from './reply.ts';
import type { ApiEvent } from './request.ts';

/** Logs who changed what. A refused call has changed nothing. */
export function recordChange(log: Log, event: ApiEvent, { status, body }: Reply): void {
  if (status >= 400) return;
  log.info('a customer made a change', {
    call: event.route?.call,
    status,
    account_id: event.accountId,
    key_id: event.keyId,
    webhook_id: event.webhookId ?? idIn(body) ?? idIn(event.json),
  });
}

function idIn(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return undefined;
  return Reflect.get(body, 'id') ?? Reflect.get(body, 'webhook_id');
}

import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { DeliveryMessage } from '../shared/domain/delivery.ts';
import { deliveryIdsOf } from '../shared/domain/delivery-ids.ts';
import type { SystemEvent } from '../shared/domain/system-event.ts';
import { notSent, type Sent, whyUnsent } from '../shared/runtime/queues.ts';
import type { SendDeps } from './ports.ts';

/** Publishes a system event about a delivery. A failure is counted and logged, and has no other effect. */
export async function publishOrCount(
  { ports, counters, log }: Pick<SendDeps, 'ports' | 'counters' | 'log'>,
  message: DeliveryMessage,
  event: SystemEvent,
): Promise<void> {
  const sent = await ports.publish(event);
  if (sent.ok) return;
  counters.count('system_event_lost');
  log.warn('a system event was not published', {
    ...deliveryIdsOf(message),
    system_event_type: event.type,
    ...whyUnsent(sent),
  });
}

/** Publishes a system event. Resolves to whether the bus accepted it; never throws. */
export async function publishSystemEvent(
  bus: {
    readonly eventBridge: Pick<EventBridgeClient, 'send'>;
    readonly eventBusName: string;
    readonly systemEventSource: string;
  },
  event: SystemEvent,
): Promise<Sent> {
  const detail = {
    account_id: event.accountId,
    id: event.id,
    created: event.created,
    data: event.data,
    about_webhook_id: event.aboutWebhookId,
    traceparent: event.traceparent,
  };
  const entry = {
    EventBusName: bus.eventBusName,
    Source: bus.systemEventSource,
    DetailType: event.type,
    Detail: JSON.stringify(detail),
  };
  try {
    const { FailedEntryCount, Entries } = await bus.eventBridge.send(
      new PutEventsCommand({ Entries: [entry] }),
    );
    if (FailedEntryCount === 0) return { ok: true };
    const { ErrorCode, ErrorMessage } = Entries?.[0] ?? {};
    return { ok: false, reason: `${ErrorCode ?? 'no error code'}: ${ErrorMessage ?? ''}` };
  } catch (error) {
    return notSent(error);
  }
}

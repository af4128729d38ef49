import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { SystemEvent } from '../shared/domain/system-event.ts';
import { errorFields } from '../shared/runtime/errors.ts';
import type { Log } from '../shared/runtime/observability.ts';

/** Publishes a system event. Resolves to whether the bus accepted it; never throws. */
export async function publishSystemEvent(
  bus: {
    readonly eventBridge: Pick<EventBridgeClient, 'send'>;
    readonly eventBusName: string;
    readonly systemEventSource: string;
    readonly log: Log;
  },
  event: SystemEvent,
): Promise<boolean> {
  const detail = {
    account_id: event.accountId,
    id: event.id,
    created: event.created,
    data: event.data,
    about_webhook_id: event.aboutWebhookId,
  };
  const entry = {
    EventBusName: bus.eventBusName,
    Source: bus.systemEventSource,
    DetailType: event.type,
    Detail: JSON.stringify(detail),
  };
  try {
    const answer = await bus.eventBridge.send(new PutEventsCommand({ Entries: [entry] }));
    return answer.FailedEntryCount === 0;
  } catch (error) {
    bus.log.warn('a system event was not published', { event_type: event.type, ...errorFields(error) });
    return false;
  }
}

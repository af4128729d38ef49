import { EVENT_VALIDATIONS, type EventValidation } from '../shared/domain/event.ts';
import type { EnvironmentVariables } from '../shared/runtime/environment-variables.ts';
import type { DispatchEventSettings } from './factory.ts';

export function readSettings(environment: EnvironmentVariables): DispatchEventSettings {
  return {
    webhooksTable: environment.text('WEBHOOKS_TABLE'),
    deliveriesTable: environment.text('DELIVERIES_TABLE'),
    recordRetentionDays: Number(environment.text('RECORD_RETENTION_DAYS')),
    eventsQueueUrl: environment.text('EVENTS_QUEUE_URL'),
    firstQueueUrl: environment.text('FIRST_QUEUE_URL'),
    slowQueueUrl: environment.text('SLOW_QUEUE_URL'),
    undispatchedQueueUrl: environment.text('UNDISPATCHED_QUEUE_URL'),
    systemEventSource: environment.text('SYSTEM_EVENT_SOURCE'),
    validateEvents: parseValidation(environment.text('VALIDATE_EVENTS')),
    keepListsFrom: Number(environment.text('KEEP_LISTS_FROM')),
    retryDelaysSeconds: environment.list('RETRY_DELAYS_SECONDS').map(Number),
  };
}

function parseValidation(text: string): EventValidation {
  const found = EVENT_VALIDATIONS.find((allowed) => allowed === text);
  if (found === undefined) {
    throw new Error(`environment variable VALIDATE_EVENTS must be one of ${EVENT_VALIDATIONS.join(', ')}`);
  }
  return found;
}

import { parseDisableAfter } from '../shared/domain/health.ts';
import { LANES } from '../shared/domain/lane.ts';
import { SUCCESS_STATUSES } from '../shared/domain/webhook.ts';
import type { EnvironmentVariables } from '../shared/runtime/environment-variables.ts';
import type { SendDeliverySettings } from './factory.ts';

export interface Settings extends SendDeliverySettings {
  readonly network: {
    readonly allowPrivateEndpoints: boolean;
    readonly apiHosts: readonly string[];
    readonly canaryUrl?: string;
  };
}

export function readSettings(environment: EnvironmentVariables): Settings {
  const canaryUrl = environment.optionalText('CANARY_URL');
  return {
    lane: oneOf(environment.text('LANE'), LANES, 'LANE'),
    success: oneOf(environment.text('SUCCESS_STATUS'), SUCCESS_STATUSES, 'SUCCESS_STATUS'),
    forwardTraceparent: environment.flag('FORWARD_TRACEPARENT'),
    retryDelaysSeconds: environment.list('RETRY_DELAYS_SECONDS').map(Number),
    maxRetryAfterSeconds: Number(environment.text('MAX_RETRY_AFTER_SECONDS')),
    visibilityTimeoutSeconds: Number(environment.text('VISIBILITY_TIMEOUT_SECONDS')),
    disableAfter: parseDisableAfter(environment.text('DISABLE_AFTER')),
    webhooksTable: environment.text('WEBHOOKS_TABLE'),
    deliveriesTable: environment.text('DELIVERIES_TABLE'),
    recordRetentionDays: Number(environment.text('RECORD_RETENTION_DAYS')),
    laneQueueUrls: environment.list('LANE_QUEUE_URLS').map(String),
    retryQueueUrls: environment.list('RETRY_QUEUE_URLS').map(String),
    laterQueueUrl: environment.text('LATER_QUEUE_URL'),
    slowQueueUrl: environment.text('SLOW_QUEUE_URL'),
    exhaustedQueueUrl: environment.text('EXHAUSTED_QUEUE_URL'),
    unreadableQueueUrl: environment.text('UNREADABLE_QUEUE_URL'),
    eventBusName: environment.text('EVENT_BUS_NAME'),
    systemEventSource: environment.text('SYSTEM_EVENT_SOURCE'),
    network: {
      allowPrivateEndpoints: environment.flag('ALLOW_PRIVATE_ENDPOINTS'),
      apiHosts: environment.list('API_HOSTS').map(String),
      ...(canaryUrl === undefined ? {} : { canaryUrl }),
    },
  };
}

function oneOf<Value extends string>(text: string, allowed: readonly Value[], name: string): Value {
  const value = allowed.find((candidate) => candidate === text);
  if (value === undefined) {
    throw new Error(`environment variable ${name} is "${text}"; it must be one of ${allowed.join(', ')}`);
  }
  return value;
}

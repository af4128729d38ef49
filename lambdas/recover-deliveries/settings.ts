import type { EnvironmentVariables } from '../shared/runtime/environment-variables.ts';
import type { RecoverDeliveriesSettings } from './factory.ts';

export function readSettings(environment: EnvironmentVariables): RecoverDeliveriesSettings {
  return {
    webhooksTable: environment.text('WEBHOOKS_TABLE'),
    deliveriesTable: environment.text('DELIVERIES_TABLE'),
    recordRetentionDays: Number(environment.text('RECORD_RETENTION_DAYS')),
    recoveriesQueueUrl: environment.text('RECOVERIES_QUEUE_URL'),
    slowQueueUrl: environment.text('SLOW_QUEUE_URL'),
    retryDelaysSeconds: environment.list('RETRY_DELAYS_SECONDS').map(Number),
  };
}

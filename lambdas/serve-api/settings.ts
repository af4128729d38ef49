import type { Environment } from '../shared/runtime/environment-variables.ts';
import type { ServeApiSettings } from './factory.ts';

export function readSettings(environment: Environment): ServeApiSettings {
  return {
    webhooksTable: environment.text('WEBHOOKS_TABLE'),
    deliveriesTable: environment.text('DELIVERIES_TABLE'),
    firstQueueUrl: environment.text('FIRST_QUEUE_URL'),
    slowQueueUrl: environment.text('SLOW_QUEUE_URL'),
    recoveriesQueueUrl: environment.text('RECOVERIES_QUEUE_URL'),
    kmsKeyId: environment.text('KMS_KEY_ID'),
    retryDelaysSeconds: environment.list('RETRY_DELAYS_SECONDS').map(Number),
    recoveryRate: Number(environment.text('RECOVERY_RATE')),
    allowPrivateEndpoints: environment.flag('ALLOW_PRIVATE_ENDPOINTS'),
  };
}

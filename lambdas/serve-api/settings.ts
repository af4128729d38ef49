import { parseDisableAfter } from '../shared/domain/health.ts';
import type { EnvironmentVariables } from '../shared/runtime/environment-variables.ts';
import type { ServeApiSettings } from './factory.ts';

export function readSettings(environment: EnvironmentVariables): ServeApiSettings {
  const canaryUrl = environment.optionalText('CANARY_URL');
  return {
    webhooksTable: environment.text('WEBHOOKS_TABLE'),
    deliveriesTable: environment.text('DELIVERIES_TABLE'),
    recordRetentionDays: Number(environment.text('RECORD_RETENTION_DAYS')),
    firstQueueUrl: environment.text('FIRST_QUEUE_URL'),
    slowQueueUrl: environment.text('SLOW_QUEUE_URL'),
    recoveriesQueueUrl: environment.text('RECOVERIES_QUEUE_URL'),
    kmsKeyId: environment.text('KMS_KEY_ID'),
    retryDelaysSeconds: environment.list('RETRY_DELAYS_SECONDS').map(Number),
    disableAfter: parseDisableAfter(environment.text('DISABLE_AFTER')),
    recoveryRate: Number(environment.text('RECOVERY_RATE')),
    allowPrivateEndpoints: environment.flag('ALLOW_PRIVATE_ENDPOINTS'),
    apiHosts: environment.list('API_HOSTS').map(String),
    corsOrigins: environment.list('CORS_ORIGINS').map(String),
    servesConsole: environment.flag('SERVES_CONSOLE'),
    ...(canaryUrl === undefined ? {} : { canaryUrl }),
  };
}

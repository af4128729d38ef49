/** The exports of the package. Everything else is internal and may change in any version. */
export type { EventValidation } from '../lambdas/shared/domain/event.ts';
export type { DisableAfter } from '../lambdas/shared/domain/health.ts';
export type {
  OutputOptions,
  PublishOptions,
  WebhookFanoutFunctions,
  WebhookFanoutQueues,
  WebhookFanoutTables,
} from './attributes.ts';
export type { AlarmProps } from './shared/alarm-props.ts';
export type { ApiDomain } from './shared/api-address.ts';
export type { ConcurrencyOptions } from './shared/concurrency.ts';
export type { Pollers } from './shared/pollers.ts';
export type { Publishers } from './shared/publishers.ts';
export type { SenderNetwork } from './shared/sender-network.ts';
export type { TableProtection, TableProtectionOptions } from './shared/table-protection.ts';
export type { Throttling } from './shared/throttling.ts';
export { WebhookFanout, type WebhookFanoutProps } from './webhook-fanout.ts';

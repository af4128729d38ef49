import type { AccountId } from './ids.ts';

/**
 * The account of the canary: the deployment's own webhook, to which a scheduled event is delivered. The name is reserved.
 * Only the operator's command creates API keys of this account, and they expire.
 */
export const CANARY_ACCOUNT = 'webhook-fanout-canary' as AccountId;

/** The type of the scheduled event. Only webhooks of the canary's account can subscribe to it by name. */
export const CANARY_TYPE = 'webhook.canary';

/** The path of the API that receives it. */
export const CANARY_PATH = '/v1/canary';

/** The bus source of the scheduled event. It is not that of system events, so that the rule of domain events matches it. */
export function canarySourceOf(systemEventSource: string): string {
  return `${systemEventSource}.canary`;
}

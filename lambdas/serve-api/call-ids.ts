import {
  type AccountId,
  parseDeliveryId,
  parseEventId,
  parseListenerId,
  parseRecoveryId,
  parseWebhookId,
} from '../shared/domain/ids.ts';
import type { PathParameters } from './routes.ts';

/** The parameters of the routes' paths. */
const PARSERS: Readonly<Record<string, (text: unknown) => string | undefined>> = {
  webhook_id: parseWebhookId,
  delivery_id: parseDeliveryId,
  event_id: parseEventId,
  recovery_id: parseRecoveryId,
  listener_id: parseListenerId,
};

/**
 * The ids of a call in a log line: the account, if it is authenticated, and the ids in the path. Any other value in the path
 * could be a secret, and is never logged.
 */
export function callIdsOf(accountId: AccountId | undefined, path: PathParameters): Record<string, string> {
  const ids = [
    ['account_id', accountId] as const,
    ...Object.entries(path).map(([name, text]) => [name, PARSERS[name]?.(text)] as const),
  ];
  return Object.fromEntries(ids.flatMap(([name, id]) => (id === undefined ? [] : [[name, id]])));
}

import type { Listener } from '../domain/listener.ts';
import { type Item, listOf, numberOf, textOf } from './items.ts';
import { listenerKey, parseListenerKey } from './keys.ts';
import { parseSecret, secretMap } from './webhook-item.ts';

export const POLLED_AT = 'polled_at';

export function listenerItem(listener: Listener): Item {
  return {
    ...listenerKey(listener.accountId, listener.id),
    events: listener.events,
    secret: secretMap(listener.secret),
    created_at: listener.createdAt,
    [POLLED_AT]: listener.polledAt,
  };
}

/** Returns undefined for an incomplete or invalid item, and for an item of another kind. */
export function parseListenerItem(item: Item): Listener | undefined {
  const key = parseListenerKey(item);
  const events = listOf(item.events, textOf);
  const secret = parseSecret(item.secret);
  const createdAt = numberOf(item.created_at);
  const polledAt = numberOf(item[POLLED_AT]);
  if (key === undefined || events === undefined || secret === undefined) return undefined;
  if (createdAt === undefined || polledAt === undefined) return undefined;
  return { id: key.listenerId, accountId: key.accountId, events, secret, createdAt, polledAt };
}

import * as z from 'zod/mini';
import { parseListenerId } from '../../shared/domain/ids.ts';
import {
  expiresAt,
  isListening,
  type Listener,
  type ListenerDelivery,
  POLL_RECORD_MS,
} from '../../shared/domain/listener.ts';
import { SECRET_UNREADABLE } from '../../shared/domain/webhook.ts';
import { deliveryHeaders } from '../../shared/http/headers.ts';
import { sign } from '../../shared/signing/sign.ts';
import { type CallDeps, defineCall } from '../call.ts';
import { MAX_LISTENED_BYTES } from '../limits.ts';
import type { ListenerPage } from '../open-api/calls/poll-listener.ts';
import { invalidRequest, listenerNotFound, problem } from '../problem.ts';
import { timeText } from '../schemas/time.ts';
import { decodeListenerCursor, encodeListenerCursor } from '../webhooks/list-cursor.ts';

/** The cursor of a full page has about 1,200 characters. */
const MAX_CURSOR_CHARACTERS = 1_500;

export const pollListener = defineCall({
  input: () =>
    z.strictObject({
      cursor: z
        .optional(z.string().check(z.maxLength(MAX_CURSOR_CHARACTERS)))
        .register(z.globalRegistry, { description: '`next_cursor` of the previous poll.' }),
    }),
  async handle({ accountId, path, input: { cursor } }, deps) {
    const listenerId = parseListenerId(path.listener_id);
    if (listenerId === undefined) return listenerNotFound();
    const now = deps.clock.now();
    const found = await deps.listeners.get(accountId, listenerId);
    const listener = found && isListening(found, now) ? await recordPoll(found, now, deps) : undefined;
    if (listener === undefined) return listenerNotFound();
    const confirmed = cursor === undefined ? [] : decodeListenerCursor(accountId, listenerId, cursor);
    if (confirmed === undefined) {
      const message =
        'is not a cursor of this listener; use next_cursor of the previous poll, or leave it out';
      return invalidRequest([{ path: 'cursor', message }]);
    }

    await deps.listenerDeliveries.confirm(accountId, listenerId, confirmed);
    const page = await deps.listenerDeliveries.page(accountId, listenerId, MAX_LISTENED_BYTES, now);
    const data = await signAll(page.deliveries, listener, now, deps);
    if (data === undefined) return problem('conflict', SECRET_UNREADABLE);
    const body: ListenerPage = {
      data,
      next_cursor:
        page.examined.length === 0 ? null : encodeListenerCursor(accountId, listenerId, page.examined),
      expires_at: timeText(expiresAt(listener)),
    };
    return { status: 200, body };
  },
});

/** The listener with its recorded poll. Undefined when it was deleted meanwhile. */
async function recordPoll(
  listener: Listener,
  now: number,
  { listeners }: Pick<CallDeps, 'listeners'>,
): Promise<Listener | undefined> {
  if (now - listener.polledAt < POLL_RECORD_MS) return listener;
  return (await listeners.recordPoll(listener, now)) ? { ...listener, polledAt: now } : undefined;
}

type DeliveryView = ListenerPage['data'][number];

/** Undefined when the secret of the listener can never be opened. */
async function signAll(
  deliveries: readonly ListenerDelivery[],
  { accountId, id: webhookId, secret }: Listener,
  now: number,
  { keyring }: Pick<CallDeps, 'keyring'>,
): Promise<DeliveryView[] | undefined> {
  if (deliveries.length === 0) return [];
  const opened = await keyring.open(secret, { accountId, webhookId });
  return opened.ok ? deliveries.map((delivery) => toView(delivery, opened.secret, now)) : undefined;
}

/** The request as the sender would make it: the first attempt of a delivery of this event. */
function toView(delivery: ListenerDelivery, secret: string, signedAt: number): DeliveryView {
  const { deliveryId, eventId, eventType, body } = delivery;
  const signed = sign({ secrets: [secret], eventId, signedAt, body });
  return {
    id: deliveryId,
    event_id: eventId,
    event_type: eventType,
    accepted_at: timeText(delivery.acceptedAt),
    headers: deliveryHeaders({ kind: 'event', eventId, eventType, deliveryId }, signed, 1),
    body,
    limit_reached: delivery.limitReached,
  };
}

import * as z from 'zod';
import { parseListenerId } from '../../shared/domain/ids.ts';
import {
  goneAt,
  isListening,
  type Listener,
  type ListenerDelivery,
  POLL_RECORD_MS,
} from '../../shared/domain/listener.ts';
import { SECRET_UNREADABLE } from '../../shared/domain/webhook.ts';
import { deliveryHeaders } from '../../shared/http/headers.ts';
import { sign } from '../../shared/signing/sign.ts';
import { MAX_LISTENED_PAGE } from '../../shared/store/listener-deliveries.ts';
import { type CallDeps, defineCall } from '../call.ts';
import { MAX_LISTENED_BYTES } from '../limits.ts';
import { invalidRequest, listenerNotFound, problem } from '../problem.ts';
import { EXAMPLE_DELIVERY_ID, EXAMPLE_EVENT_ID } from '../schemas/examples.ts';
import { timeSchema, timeText } from '../schemas/time.ts';
import { decodeListenerCursor, encodeListenerCursor } from '../webhooks/list-cursor.ts';

/** The cursor of a full page has about 1,200 characters. */
const MAX_CURSOR_CHARACTERS = 1_500;

const listenerPageSchema = z.strictObject({
  data: z.array(
    z.strictObject({
      id: z.string().meta({ examples: [EXAMPLE_DELIVERY_ID] }),
      event_id: z.string().meta({ examples: [EXAMPLE_EVENT_ID] }),
      event_type: z.string().meta({ examples: ['file.uploaded'] }),
      accepted_at: timeSchema,
      headers: z.record(z.string(), z.string()).meta({
        description:
          'All headers that the request to a webhook has, apart from `Host`, `Content-Length` and `Connection`. Signed ' +
          'with the secret of the listener at the time of this call.',
      }),
      body: z
        .string()
        .meta({ description: 'The body of the request. The signature is of exactly this text.' }),
      limit_reached: z.boolean().meta({
        description:
          'More events followed within this second than are stored for a listener, or as many: some may be missing.',
      }),
    }),
  ),
  next_cursor: z.string().nullable().meta({
    description:
      'Send it as `cursor` with the next poll, which confirms these deliveries. Null when there is nothing to confirm.',
  }),
  expires_at: timeSchema.meta({ description: 'The listener is gone then, unless it is polled before.' }),
});

export const pollListener = defineCall({
  description: {
    summary: 'Poll a listener',
    description:
      `The oldest deliveries that are not confirmed: at most ${MAX_LISTENED_PAGE}, and about 1 MB of bodies. A poll with ` +
      'the `cursor` of a page confirms the deliveries of that page, which are deleted; without it, they are listed again. ' +
      'Poll every 2 seconds, and again at once after a page with deliveries. A delivery is listed at least once: ' +
      'remember the ids. After one hour it is deleted.',
    success: {
      status: 200,
      description: 'The deliveries, ready to be sent.',
      output: { name: 'ListenerPage', schema: listenerPageSchema },
    },
    problems: ['invalid-request', 'not-found', 'conflict'],
  },
  input: () =>
    z.strictObject({
      cursor: z
        .string()
        .max(MAX_CURSOR_CHARACTERS)
        .optional()
        .meta({ description: '`next_cursor` of the previous poll.' }),
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
    const body: z.output<typeof listenerPageSchema> = {
      data,
      next_cursor:
        page.examined.length === 0 ? null : encodeListenerCursor(accountId, listenerId, page.examined),
      expires_at: timeText(goneAt(listener)),
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

type DeliveryView = z.output<typeof listenerPageSchema>['data'][number];

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

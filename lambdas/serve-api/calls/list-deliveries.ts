import * as z from 'zod';
import { DELIVERY_STATUSES, type DeliveryRecord } from '../../shared/domain/delivery.ts';
import { type DeliveryId, parseWebhookId } from '../../shared/domain/ids.ts';
import type { DeliveryRange } from '../../shared/store/delivery-log.ts';
import { present } from '../../shared/store/items.ts';
import { defineCall } from '../call.ts';
import { toDeliverySummary } from '../deliveries/delivery-view.ts';
import { type FoundDeliveries, searchDeliveries } from '../deliveries/search-deliveries.ts';
import { SEARCH_RATE_LIMIT } from '../limits.ts';
import { invalidRequest, tooManyRequests, webhookNotFound } from '../problem.ts';
import { deliverySummarySchema } from '../schemas/delivery.ts';
import { nextCursorSchema, pageQuerySchema } from '../schemas/page.ts';
import { millisecondsOf, timeField } from '../schemas/time.ts';
import { decodeDeliveryCursor, encodeDeliveryCursor } from '../webhooks/list-cursor.ts';

/** All statuses in one parameter. */
const MAX_STATUS_CHARACTERS = 128;
/** The length of the longest event type, EventBridge's limit for a detail type. */
const MAX_TYPE_CHARACTERS = 128;

const deliveryListSchema = z.strictObject({
  data: z.array(deliverySummarySchema),
  next_cursor: nextCursorSchema,
  newer_cursor: z
    .string()
    .nullable()
    .meta({
      description:
        'Send it as `cursor` for the entries just before this page, newest first as well; where none are left, the ' +
        'answer is the first page. Null when this page is empty.',
    }),
});

export const listDeliveries = defineCall({
  description: {
    summary: 'List the deliveries of a webhook',
    description:
      'The delivery log, newest first: by the time at which the event was accepted, or the resend was requested. A ' +
      'delivery is listed from its first recorded result on. One call examines at most 1,000 records. With a filter, a ' +
      'page may therefore have fewer entries than `limit`, or none, and still have a `next_cursor`: the list ends with ' +
      'the page whose `next_cursor` is null. The log of a deleted webhook can be read until it expires.',
    success: {
      status: 200,
      description: 'A page of deliveries.',
      output: { name: 'DeliveryList', schema: deliveryListSchema },
    },
    problems: ['invalid-request', 'not-found', 'too-many-requests'],
  },
  input: () =>
    z.strictObject({
      status: z
        .string()
        .max(MAX_STATUS_CHARACTERS)
        .transform((text) => text.split(','))
        .pipe(z.array(z.enum(DELIVERY_STATUSES)))
        .optional()
        .meta({ description: 'Only deliveries of these statuses: repeat it, or join them by commas.' }),
      event_type: z
        .string()
        .min(1)
        .max(MAX_TYPE_CHARACTERS)
        .optional()
        .meta({ description: 'Only deliveries of events of exactly this type.' }),
      since: timeField('Only deliveries of events that were accepted then or later.').optional(),
      until: timeField('Only deliveries of events that were accepted before.').optional(),
      ...pageQuerySchema.shape,
    }),
  async handle({ accountId, path, input }, deps) {
    const webhookId = parseWebhookId(path.webhook_id);
    if (webhookId === undefined) return webhookNotFound();
    const since = millisecondsOf(input.since);
    const until = millisecondsOf(input.until);
    if (since !== undefined && until !== undefined && since > until) {
      return invalidRequest([{ path: 'since', message: 'must not be after until' }]);
    }
    const { cursor, limit } = input;
    const position = cursor === undefined ? undefined : decodeDeliveryCursor(accountId, webhookId, cursor);
    if (cursor !== undefined && position === undefined) {
      const message = 'is not a cursor of this list; use next_cursor of the previous page, or leave it out';
      return invalidRequest([{ path: 'cursor', message }]);
    }

    const matches = filterOf(input);
    const now = deps.clock.now();
    if (matches !== undefined) {
      const taken = await deps.rateLimits.take(accountId, SEARCH_RATE_LIMIT, now);
      if (!taken.ok)
        return tooManyRequests('lists were searched', SEARCH_RATE_LIMIT, taken.retryAfterSeconds);
    }

    const search = (from: Pick<DeliveryRange, 'order' | 'after'>): Promise<FoundDeliveries> => {
      const range = { ...present({ since, until }), ...from };
      const of = { accountId, webhookId };
      return searchDeliveries(deps.deliveryLog, of, { range, limit, ...present({ matches }) }, now);
    };
    const newer = position?.order === 'oldest_first' ? await search(position) : undefined;
    // The newest page is always a full one.
    const isNewest = newer !== undefined && newer.next === undefined;
    const found =
      newer === undefined || isNewest
        ? await search({ order: 'newest_first', ...(isNewest ? {} : present({ after: position?.after })) })
        : { ...newer, records: newer.records.toReversed() };
    const isKnown = found.any || found.next !== undefined;
    if (!isKnown && (await deps.webhooks.get(accountId, webhookId)) === undefined) return webhookNotFound();

    const cursorOf = (order: DeliveryRange['order'], after: DeliveryId | undefined): string | null =>
      after === undefined ? null : encodeDeliveryCursor(accountId, webhookId, { order, after });
    const [first, last] = [found.records[0], found.records.at(-1)].map((record) => record?.deliveryId);
    const isNewerPage = newer !== undefined && !isNewest;
    const body: z.output<typeof deliveryListSchema> = {
      data: found.records.map(toDeliverySummary),
      next_cursor: cursorOf('newest_first', isNewerPage ? (last ?? found.next) : found.next),
      newer_cursor: cursorOf('oldest_first', isNewerPage ? found.next : first),
    };
    return { status: 200, body };
  },
});

/** Undefined when every record matches. */
function filterOf({
  status: statuses,
  event_type: type,
}: {
  readonly status?: readonly string[] | undefined;
  readonly event_type?: string | undefined;
}): ((record: DeliveryRecord) => boolean) | undefined {
  if (statuses === undefined && type === undefined) return undefined;
  return ({ status, eventType }) =>
    (statuses === undefined || statuses.includes(status)) && (type === undefined || type === eventType);
}

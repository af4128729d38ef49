import * as z from 'zod/mini';
import { DELIVERY_STATUSES, type DeliveryRecord } from '../../shared/domain/delivery.ts';
import { type DeliveryId, parseWebhookId } from '../../shared/domain/ids.ts';
import type { DeliveryRange } from '../../shared/store/delivery-log.ts';
import { present } from '../../shared/store/items.ts';
import { defineCall } from '../call.ts';
import { toDeliverySummary } from '../deliveries/delivery-view.ts';
import { type FoundDeliveries, searchDeliveries } from '../deliveries/search-deliveries.ts';
import { SEARCH_RATE_LIMIT } from '../limits.ts';
import type { DeliveryList } from '../open-api/calls/list-deliveries.ts';
import { invalidRequest, tooManyRequests, webhookNotFound } from '../problem.ts';
import { pageQuery } from '../schemas/page.ts';
import { millisecondsOf, timeField } from '../schemas/time.ts';
import { decodeDeliveryCursor, encodeDeliveryCursor } from '../webhooks/list-cursor.ts';

/** All statuses in one parameter. */
const MAX_STATUS_CHARACTERS = 128;
/** The length of the longest event type, EventBridge's limit for a detail type. */
const MAX_TYPE_CHARACTERS = 128;

export const listDeliveries = defineCall({
  input: () =>
    z.strictObject({
      status: z
        .optional(
          z.pipe(
            z.pipe(
              z.string().check(z.maxLength(MAX_STATUS_CHARACTERS)),
              z.transform((text) => text.split(',')),
            ),
            z.array(z.enum(DELIVERY_STATUSES)),
          ),
        )
        .register(z.globalRegistry, {
          description: 'Only deliveries of these statuses: repeat it, or join them by commas.',
        }),
      event_type: z
        .optional(z.string().check(z.minLength(1), z.maxLength(MAX_TYPE_CHARACTERS)))
        .register(z.globalRegistry, { description: 'Only deliveries of events of exactly this type.' }),
      since: z.optional(timeField('Only deliveries of events that were accepted then or later.')),
      until: z.optional(timeField('Only deliveries of events that were accepted before.')),
      ...pageQuery(),
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
      const webhook = { accountId, webhookId };
      return searchDeliveries(deps.deliveryLog, webhook, { range, limit, ...present({ matches }) }, now);
    };
    const newer = position?.order === 'oldest_first' ? await search(position) : undefined;
    // The newest page is always a full one.
    const isNewest = newer !== undefined && newer.next === undefined;
    const found =
      newer === undefined || isNewest
        ? await search({ order: 'newest_first', ...(isNewest ? {} : present({ after: position?.after })) })
        : { ...newer, records: newer.records.toReversed() };
    const isKnown = found.hasRecords || found.next !== undefined;
    if (!isKnown && (await deps.webhooks.get(accountId, webhookId)) === undefined) return webhookNotFound();

    const cursorOf = (order: DeliveryRange['order'], after: DeliveryId | undefined): string | null =>
      after === undefined ? null : encodeDeliveryCursor(accountId, webhookId, { order, after });
    const [first, last] = [found.records[0], found.records.at(-1)].map((record) => record?.deliveryId);
    const isNewerPage = newer !== undefined && !isNewest;
    const body: DeliveryList = {
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

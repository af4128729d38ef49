import * as z from 'zod/mini';
import { parseWebhookId, timeOfDeliveryId, type WebhookId } from '../../shared/domain/ids.ts';
import { inParallel } from '../../shared/runtime/parallel.ts';
import { type CallDeps, type CallRequest, defineCall } from '../call.ts';
import { hourView } from '../health/health-view.ts';
import { summarizeHours, summarizeWindow } from '../health/summarize.ts';
import { ACTIVITY_RATE_LIMIT, MAX_ACTIVITY_RECORDS } from '../limits.ts';
import type { Activity, WebhookActivity } from '../open-api/calls/get-activity.ts';
import { tooManyRequests } from '../problem.ts';
import { EXAMPLE_WEBHOOK_ID } from '../schemas/examples.ts';
import { timeText } from '../schemas/time.ts';

const MAX_WEBHOOKS = 20;
const READS_AT_A_TIME = 5;
const DAY_MS = 24 * 3_600_000;

export const getActivity = defineCall({
  input: () =>
    z.strictObject({
      webhook_id: z
        .string({ error: 'is required' })
        .check(
          z.maxLength(MAX_WEBHOOKS * 65),
          z.refine((text) => idsIn(text).length <= MAX_WEBHOOKS, {
            error: `at most ${MAX_WEBHOOKS} are allowed`,
          }),
          z.refine((text) => idsIn(text).every((id) => parseWebhookId(id) !== undefined), {
            error: 'must be ids of webhooks, such as wh_01kf0r7a0zt5t1tpsvh3m0xa',
          }),
        )
        .register(z.globalRegistry, {
          description: `Ids of at most ${MAX_WEBHOOKS} webhooks: repeat it, or join them by commas.`,
          examples: [EXAMPLE_WEBHOOK_ID],
        }),
    }),
  async handle(request, deps) {
    const now = deps.clock.now();
    const taken = await deps.rateLimits.take(request.accountId, ACTIVITY_RATE_LIMIT, now);
    if (!taken.ok)
      return tooManyRequests('activity was requested', ACTIVITY_RATE_LIMIT, taken.retryAfterSeconds);
    const ids = [...new Set(idsIn(request.input.webhook_id).flatMap((id) => parseWebhookId(id) ?? []))];
    const found = new Map<WebhookId, WebhookActivity>();
    await inParallel(ids, READS_AT_A_TIME, async (id) => {
      found.set(id, await readActivity(id, request, deps, now));
    });
    const body: Activity = {
      as_of: timeText(now),
      data: ids.flatMap((id) => found.get(id) ?? []),
    };
    return { status: 200, body };
  },
});

function idsIn(text: string): string[] {
  return text.split(',');
}

async function readActivity(
  webhookId: WebhookId,
  { accountId }: Pick<CallRequest<unknown>, 'accountId'>,
  { deliveryLog }: Pick<CallDeps, 'deliveryLog'>,
  now: number,
): Promise<WebhookActivity> {
  const range = { since: now - DAY_MS, order: 'newest_first', pageSize: MAX_ACTIVITY_RECORDS } as const;
  const pages = deliveryLog.pages(accountId, webhookId, range, now);
  const { value: page } = await pages.next();
  const { records = [], last } = page ?? {};
  const examinedSince = last === undefined ? undefined : timeOfDeliveryId(last);
  const { since, complete } = summarizeWindow(records, range.since, examinedSince);
  return {
    webhook_id: webhookId,
    since: timeText(since),
    complete,
    hours: summarizeHours(records, since, now).map(hourView),
  };
}

import * as z from 'zod';
import { parseWebhookId, timeOfDeliveryId, type WebhookId } from '../../shared/domain/ids.ts';
import { inParallel } from '../../shared/runtime/parallel.ts';
import { type CallDeps, type CallRequest, defineCall } from '../call.ts';
import { hourView } from '../health/health-view.ts';
import { summarizeHours, summarizeWindow } from '../health/summarize.ts';
import { ACTIVITY_RATE_LIMIT } from '../limits.ts';
import { tooManyRequests } from '../problem.ts';
import { EXAMPLE_WEBHOOK_ID } from '../schemas/examples.ts';
import { timeSchema, timeText } from '../schemas/time.ts';
import { hourSchema } from '../schemas/webhook-health.ts';

const MAX_WEBHOOKS = 20;
/** Of each webhook, in one read of at most 1 MB. */
const MAX_RECORDS = 250;
const READS_AT_A_TIME = 5;
const DAY_MS = 24 * 3_600_000;

const webhookActivitySchema = z.strictObject({
  webhook_id: z.string().meta({ examples: [EXAMPLE_WEBHOOK_ID] }),
  since: timeSchema.meta({ description: 'The deliveries of events that were accepted from then on.' }),
  complete: z.boolean().meta({
    description: `False: the last day has more than the newest ${MAX_RECORDS} records, and \`since\` is the time of the oldest one that was read.`,
  }),
  hours: z.array(hourSchema).meta({
    description:
      'Hours, UTC, the oldest first: from the hour of `since` to the current one, at most 25. The first and the last ' +
      'are parts of an hour.',
  }),
});

const activitySchema = z.strictObject({
  as_of: timeSchema.meta({ description: 'When the records were read.' }),
  data: z.array(webhookActivitySchema).meta({ description: 'In the order of the request.' }),
});

export const getActivity = defineCall({
  description: {
    summary: 'Get the activity of several webhooks',
    description:
      'What became of the deliveries of the last day, by hours, for a list of webhooks: from the newest ' +
      `${MAX_RECORDS} records of each. GET /v1/webhooks/{webhook_id}/health reads more of one webhook. An id without ` +
      'records, also one that does not exist, has figures of 0. Tests and challenges do not count.',
    success: {
      status: 200,
      description: 'The activity of each webhook.',
      output: { name: 'Activity', schema: activitySchema },
    },
    problems: ['invalid-request', 'too-many-requests'],
  },
  input: () =>
    z.strictObject({
      webhook_id: z
        .string({ error: 'is required' })
        .max(MAX_WEBHOOKS * 65)
        .refine((text) => idsIn(text).length <= MAX_WEBHOOKS, {
          error: `at most ${MAX_WEBHOOKS} are allowed`,
        })
        .refine((text) => idsIn(text).every((id) => parseWebhookId(id) !== undefined), {
          error: 'must be ids of webhooks, such as wh_01kf0r7a0zt5t1tpsvh3m0xa',
        })
        .meta({
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
    const found = new Map<WebhookId, z.output<typeof webhookActivitySchema>>();
    await inParallel(ids, READS_AT_A_TIME, async (id) => {
      found.set(id, await readActivity(id, request, deps, now));
    });
    const body: z.output<typeof activitySchema> = {
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
): Promise<z.output<typeof webhookActivitySchema>> {
  const range = { since: now - DAY_MS, order: 'newest_first', pageSize: MAX_RECORDS } as const;
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

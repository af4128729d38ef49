import { parseWebhookId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { toHealthView } from '../health/health-view.ts';
import { readNewest } from '../health/read-newest.ts';
import { HEALTH_RATE_LIMIT } from '../limits.ts';
import { tooManyRequests, webhookNotFound } from '../problem.ts';

const DAY_MS = 24 * 3_600_000;

export const getWebhookHealth = defineCallWithoutInput({
  async handle(request, deps) {
    const { accountId, path } = request;
    const webhookId = parseWebhookId(path.webhook_id);
    const webhook = webhookId && (await deps.webhooks.get(accountId, webhookId));
    if (webhook === undefined) return webhookNotFound();
    const now = deps.clock.now();
    const taken = await deps.rateLimits.take(accountId, HEALTH_RATE_LIMIT, now);
    if (!taken.ok) return tooManyRequests('health was requested', HEALTH_RATE_LIMIT, taken.retryAfterSeconds);
    const newest = await readNewest(deps, request, webhook.id, now - DAY_MS);
    return { status: 200, body: toHealthView(webhook, newest, deps.disableAfter, now) };
  },
});

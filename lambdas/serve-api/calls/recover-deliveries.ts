import * as z from 'zod/mini';
import { newRecoveryId, parseWebhookId } from '../../shared/domain/ids.ts';
import { isRecoverable, RECOVERABLE_STATUSES, type Recovery } from '../../shared/domain/recovery.ts';
import { SECRET_UNREADABLE } from '../../shared/domain/webhook.ts';
import { openLiveSecrets } from '../../shared/secrets/live-secrets.ts';
import { defineCall } from '../call.ts';
import { DRY_RUN_RATE_LIMIT, RECOVER_RATE_LIMIT } from '../limits.ts';
import type { DryRun } from '../open-api/calls/recover-deliveries.ts';
import { invalidRequest, problem, tooManyRequests, unavailable, webhookNotFound } from '../problem.ts';
import { toRecoveryView } from '../recoveries/recovery-view.ts';
import { optional } from '../schemas/input-fields.ts';
import { millisecondsOf, timeField } from '../schemas/time.ts';
import { countDeliveries } from '../webhooks/count-deliveries.ts';
import { whyNotReceiving } from '../webhooks/why-not-receiving.ts';

/** 10,000 records, at most 2,500 read units, within the time that a request may take. */
const DRY_RUN_LIMITS = { maxPages: 20, maxMs: 5_000 };

/**
 * The bus gives an event its time of acceptance in whole seconds. An event that was published after `since`, in the same
 * second, has an earlier time.
 */
const BUS_TIME_MS = 1_000;

export const recoverDeliveries = defineCall({
  idempotent: true,
  input: () =>
    z.strictObject({
      since: timeField('Events that were accepted from the beginning of that second on. RFC 3339.'),
      until: optional(timeField('Events that were accepted before that. Default and latest: now.')),
      status: optional(
        z
          .array(z.enum(RECOVERABLE_STATUSES))
          .check(z.minLength(1), z.maxLength(RECOVERABLE_STATUSES.length))
          .register(z.globalRegistry, { description: 'Default: both.' }),
      ),
      dry_run: optional(
        z.boolean().register(z.globalRegistry, { description: 'Count, and repeat nothing.' }),
      ),
    }),
  async handle({ accountId, path, input, startedAt, seed }, deps) {
    const webhookId = parseWebhookId(path.webhook_id);
    const webhook = webhookId && (await deps.webhooks.get(accountId, webhookId));
    if (webhook === undefined) return webhookNotFound();
    const now = deps.clock.now();
    const since = Math.floor(millisecondsOf(input.since) / BUS_TIME_MS) * BUS_TIME_MS;
    const until = Math.min(millisecondsOf(input.until) ?? startedAt, startedAt);
    if (since >= until) {
      const message =
        input.until === undefined ? 'must be in the past' : 'must be before `until` and in the past';
      return invalidRequest([{ path: 'since', message }]);
    }
    const statuses = [...new Set(input.status ?? RECOVERABLE_STATUSES)];

    const limit = input.dry_run ? DRY_RUN_RATE_LIMIT : RECOVER_RATE_LIMIT;
    const refusal = input.dry_run ? undefined : whyNotReceiving(webhook, deps.checkUrl);
    if (refusal !== undefined) return problem('conflict', refusal);
    const taken = await deps.rateLimits.take(accountId, limit, now);
    if (!taken.ok) {
      const action = input.dry_run ? 'dry runs were requested' : 'recoveries were started';
      return tooManyRequests(action, limit, taken.retryAfterSeconds);
    }
    if (input.dry_run) {
      const rule = { statuses, createdAt: now };
      const { count, atLeast } = await countDeliveries(
        deps,
        { accountId, webhookId: webhook.id },
        { since, until, order: 'oldest_first' },
        (record) => isRecoverable(record, rule),
        DRY_RUN_LIMITS,
      );
      const view: DryRun = { count, ...(atLeast ? { at_least: true } : {}) };
      return { status: 200, body: view };
    }

    const opened = await openLiveSecrets(webhook, deps.keyring.open, now);
    if (!opened.ok) return problem('conflict', SECRET_UNREADABLE);
    const recovery: Recovery = {
      id: newRecoveryId(startedAt, seed),
      accountId,
      webhookId: webhook.id,
      createdAt: startedAt,
      since,
      until,
      statuses,
      rate: deps.recoveryRate,
      state: 'running',
      found: 0,
      enqueued: 0,
      expired: 0,
      delivered: 0,
      failed: 0,
      failedInRow: 0,
    };
    const created = await deps.recoveries.create(recovery);
    // It exists when an earlier request with the same Idempotency-Key failed or was interrupted.
    const existing = created === 'exists' && (await deps.recoveries.get(accountId, recovery.id, now));
    const sent = await deps.enqueueRecovery({ accountId, recoveryId: recovery.id });
    if (!sent.ok) {
      await deps.recoveries.end(recovery, 'stopped', now, 'it could not be started');
      return unavailable('the recovery could not be started');
    }
    return {
      status: 202,
      headers: { location: `/v1/recoveries/${recovery.id}` },
      body: toRecoveryView(existing || recovery),
    };
  },
});

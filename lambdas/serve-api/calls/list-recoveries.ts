import { parseWebhookId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { MAX_LISTED_RECOVERIES } from '../limits.ts';
import type { RecoveryList } from '../open-api/calls/list-recoveries.ts';
import { webhookNotFound } from '../problem.ts';
import { toRecoveryView } from '../recoveries/recovery-view.ts';

export const listRecoveries = defineCallWithoutInput({
  async handle({ accountId, path }, deps) {
    const webhookId = parseWebhookId(path.webhook_id);
    if (webhookId === undefined) return webhookNotFound();
    const newest = await deps.recoveries.newest(accountId, MAX_LISTED_RECOVERIES, deps.clock.now());
    const recoveries = newest.filter((recovery) => recovery.webhookId === webhookId);
    const isKnown = recoveries.length > 0 || (await deps.webhooks.get(accountId, webhookId)) !== undefined;
    if (!isKnown) return webhookNotFound();
    const body: RecoveryList = { data: recoveries.map(toRecoveryView) };
    return { status: 200, body };
  },
});

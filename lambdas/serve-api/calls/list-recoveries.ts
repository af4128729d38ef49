import * as z from 'zod';
import { parseWebhookId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { webhookNotFound } from '../problem.ts';
import { recoverySchema, toRecoveryView } from '../schemas/recovery.ts';

/** About 500 bytes each: at most 32 read units. An account can start 60 in an hour. */
const MAX_EXAMINED = 250;

const recoveryListSchema = z.strictObject({ data: z.array(recoverySchema) });

export const listRecoveries = defineCallWithoutInput({
  description: {
    summary: 'List the recoveries of a webhook',
    description:
      `Those of this webhook among the newest ${MAX_EXAMINED} recoveries of the account, the newest first. The ones that ` +
      'run have the status `running`.',
    success: {
      status: 200,
      description: 'The recoveries.',
      output: { name: 'RecoveryList', schema: recoveryListSchema },
    },
    problems: ['not-found'],
  },
  async handle({ accountId, path }, deps) {
    const webhookId = parseWebhookId(path.webhook_id);
    if (webhookId === undefined) return webhookNotFound();
    const newest = await deps.recoveries.newest(accountId, MAX_EXAMINED, deps.clock.now());
    const recoveries = newest.filter((recovery) => recovery.webhookId === webhookId);
    const isKnown = recoveries.length > 0 || (await deps.webhooks.get(accountId, webhookId)) !== undefined;
    if (!isKnown) return webhookNotFound();
    const body: z.output<typeof recoveryListSchema> = { data: recoveries.map(toRecoveryView) };
    return { status: 200, body };
  },
});

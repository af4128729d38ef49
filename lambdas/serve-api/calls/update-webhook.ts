import * as z from 'zod/mini';
import type { HeaderEntries } from '../../shared/domain/custom-headers.ts';
import { parseWebhookId } from '../../shared/domain/ids.ts';
import type { SealedHeaders } from '../../shared/domain/webhook.ts';
import { sealHeaders } from '../../shared/secrets/custom-headers.ts';
import { type CallDeps, type CallRequest, defineCall } from '../call.ts';
import { optional } from '../schemas/input-fields.ts';
import { changeWebhook, type MakePlan, withFields } from '../webhooks/change-webhook.ts';
import { countHeld } from '../webhooks/count-deliveries.ts';
import { planUpdate } from '../webhooks/plan-change.ts';

export const updateWebhook = defineCall({
  input: ({ url, events, description, headers, successStatus }) =>
    z.strictObject({
      url: optional(url),
      events: optional(events),
      // These three can be removed. Their null is therefore not the same as leaving them out.
      description: z
        .optional(z.nullable(description))
        .register(z.globalRegistry, { description: 'Your own note, one line; null removes it.' }),
      success_status: z.optional(z.nullable(successStatus)),
      headers: z.optional(z.nullable(headers)),
      status: optional(
        z.enum(['active', 'disabled']).register(z.globalRegistry, {
          description:
            '`disabled` stops the deliveries of an active webhook, `active` resumes those of a disabled one, also one that the ' +
            'service disabled. The ' +
            'current status is accepted. 409 for a webhook that was never verified.',
        }),
      ),
    }),
  async handle(request, deps) {
    const { headers, success_status: successStatus, ...fields } = request.input;
    const customHeaders = await sealGivenHeaders(request, headers, deps);
    const update = { ...fields, successStatus, customHeaders };
    const held = request.input.status === 'active' ? await countHeld(request, deps) : {};
    const makePlan: MakePlan = (webhook, now) => planUpdate(webhook, update, now);
    return withFields(await changeWebhook(request, deps, makePlan, 200), held);
  },
});

/** An empty list of headers means the same as null. */
async function sealGivenHeaders(
  { accountId, path }: Pick<CallRequest<unknown>, 'accountId' | 'path'>,
  headers: HeaderEntries | null | undefined,
  { clock, keyring }: CallDeps,
): Promise<SealedHeaders | null | undefined> {
  const webhookId = parseWebhookId(path.webhook_id);
  if (headers === undefined || webhookId === undefined) return undefined;
  if (headers === null || headers.length === 0) return null;
  const now = new Date(clock.now()).toISOString();
  return sealHeaders(headers, { accountId, webhookId }, now, keyring.seal);
}

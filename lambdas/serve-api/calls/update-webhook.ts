import * as z from 'zod';
import { defineCall } from '../call.ts';
import { optional } from '../schemas/input-fields.ts';
import { WEBHOOK_WITH_HELD_RESPONSE } from '../schemas/webhook.ts';
import { changeWebhook, type MakePlan, withFields } from '../webhooks/change-webhook.ts';
import { countHeld } from '../webhooks/count-deliveries.ts';
import { planUpdate } from '../webhooks/plan-change.ts';

export const updateWebhook = defineCall({
  description: {
    summary: 'Change a webhook',
    description:
      'Changes the given fields, all or none. `null` removes the description; for the other fields it has no effect, ' +
      'like leaving the field out. A new URL is shown as `pending_url` and is sent a challenge; the current URL stays ' +
      'in use until the new one answers. The current URL, given again, removes the pending one. A webhook that was ' +
      'never verified gets the new URL at once and is sent a challenge there. Queued deliveries of event types that ' +
      '`events` no longer contains end as `canceled`, and those of a disabled webhook as `held`; first attempts of the ' +
      'last 2 seconds, and attempts in progress, may still arrive.',
    success: {
      status: 200,
      description: 'The webhook after the change.',
      output: WEBHOOK_WITH_HELD_RESPONSE,
    },
    problems: ['webhook-limit-reached', 'not-found', 'conflict', 'too-many-requests'],
  },
  input: ({ url, events, description }) =>
    z.strictObject({
      url: optional(url),
      events: optional(events),
      // The only field that can be removed. Its null is therefore not the same as leaving it out.
      description: description
        .nullable()
        .optional()
        .meta({ description: 'Your own note, one line; null removes it.' }),
      status: optional(
        z.enum(['active', 'disabled']).meta({
          description:
            '`disabled` stops the deliveries of an active webhook, `active` resumes those of a disabled one. The ' +
            'current status is accepted. 409 for a webhook that was never verified.',
        }),
      ),
    }),
  async handle(request, deps) {
    const held = request.input.status === 'active' ? await countHeld(request, deps) : {};
    const makePlan: MakePlan = (webhook, now) => planUpdate(webhook, request.input, now);
    return withFields(await changeWebhook(request, deps, makePlan, 200), held);
  },
});

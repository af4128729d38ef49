import * as z from 'zod';
import type { CallDescription } from '../call-description.ts';
import { secretShownOnce } from '../schemas/secret.ts';
import { webhookSchema } from '../schemas/webhook.ts';

const createdWebhookSchema = webhookSchema.extend({
  secret: secretShownOnce(),
});

const dryRunSchema = z.strictObject({
  url: z.string().meta({
    description: 'In the normal form in which it would be stored.',
    examples: ['https://example.com/webhook'],
  }),
  events: z
    .array(
      z.strictObject({
        pattern: z.string().meta({ description: 'An entry of `events`.', examples: ['file.*'] }),
        event_types: z
          .array(z.string())
          .meta({ description: 'The current types that it matches.', examples: [['file.uploaded']] }),
      }),
    )
    .meta({ description: 'Each entry of `events` once.' }),
});

const CHALLENGE =
  'a POST with `{"type":"webhook.verification","data":{"challenge":"…"}}`, signed with the secret of the webhook. ' +
  'The endpoint must answer it with status 200 and `{"challenge":"…"}`, the same text';

export type CreatedWebhook = z.output<typeof createdWebhookSchema>;
export type DryRun = z.output<typeof dryRunSchema>;

export const createWebhook: CallDescription = {
  summary: 'Create a webhook',
  description:
    `The webhook is \`pending\` until its URL answers a challenge: ${CHALLENGE}. The challenge is sent at once. An ` +
    'endpoint that verifies signatures must know the secret before: choose one and send it as `secret`, or configure ' +
    'the generated one from the response and then call POST /v1/webhooks/{webhook_id}/verify. With `dry_run` the ' +
    'input is checked, and nothing is created, sent or counted; the limits of the account are not checked.',
  success: {
    status: 201,
    description: 'Created. Only this response contains the secret.',
    output: { name: 'CreatedWebhook', schema: createdWebhookSchema },
    headers: ['Location'],
  },
  otherSuccess: {
    status: 200,
    description: 'With `dry_run`: the input is valid.',
    output: { name: 'WebhookDryRun', schema: dryRunSchema },
  },
  etag: true,
  problems: ['webhook-limit-reached', 'conflict', 'too-many-requests'],
};

import type { ProblemName } from '../problem.ts';
import type { CallName } from '../routes.ts';

/** The part of the OpenAPI document about a call that its route does not contain. */
export interface CallDescription {
  readonly summary: string;
  readonly description: string;
  /** Name of the component that describes its body. */
  readonly input?: 'CreateWebhook' | 'UpdateWebhook' | 'TestWebhook';
  readonly success: {
    readonly status: 200 | 201 | 202 | 204;
    readonly description: string;
    readonly output?:
      | 'Webhook'
      | 'CreatedWebhook'
      | 'WebhookList'
      | 'TestEvent'
      | 'EventTypeList'
      | 'OpenApi';
    readonly headers?: Readonly<Record<string, unknown>>;
  };
  /** Those that only some calls have. */
  readonly problems: readonly ProblemName[];
}

const CHALLENGE =
  'a POST with `{"type":"webhook.verification","data":{"challenge":"…"}}`, signed with the secret of the webhook. ' +
  'The endpoint must answer it with status 200 and `{"challenge":"…"}`, the same text';

export const CALL_DESCRIPTIONS: Readonly<Record<CallName, CallDescription>> = {
  createWebhook: {
    summary: 'Create a webhook',
    description:
      `The webhook is \`pending\` until its URL answers a challenge: ${CHALLENGE}. It is sent at once. An endpoint ` +
      'that verifies signatures must know the secret before: choose one and send it as `secret`, or configure the ' +
      'generated one from the response and then call POST /v1/webhooks/{webhook_id}/verify.',
    input: 'CreateWebhook',
    success: {
      status: 201,
      description: 'Created. Only this response contains the secret.',
      output: 'CreatedWebhook',
      headers: { Location: { description: 'Path of the webhook.', schema: { type: 'string' } } },
    },
    problems: ['webhook-limit-reached', 'too-many-requests'],
  },
  listWebhooks: {
    summary: 'List webhooks',
    description: 'In pages, newest first.',
    success: { status: 200, description: 'A page of webhooks.', output: 'WebhookList' },
    problems: ['invalid-request'],
  },
  getWebhook: {
    summary: 'Get a webhook',
    description: 'Its current state.',
    success: { status: 200, description: 'The webhook.', output: 'Webhook' },
    problems: ['not-found'],
  },
  updateWebhook: {
    summary: 'Change a webhook',
    description:
      'Changes the given fields, all or none. `null` removes the description; for the other fields it has no effect, ' +
      'like leaving the field out. A new URL is shown as `pending_url` and is sent a challenge, while the current URL ' +
      'stays in use until the new one answers; the current URL, given again, removes the pending one. A webhook that ' +
      'was never verified gets the new URL at once and is sent a challenge there. Queued deliveries of event types ' +
      'that `events` no longer contains end as `canceled`, and those of a disabled webhook as `held`; first attempts ' +
      'of the last 2 seconds, and attempts in progress, may still arrive.',
    input: 'UpdateWebhook',
    success: { status: 200, description: 'The webhook after the change.', output: 'Webhook' },
    problems: ['webhook-limit-reached', 'not-found', 'conflict', 'too-many-requests'],
  },
  deleteWebhook: {
    summary: 'Delete a webhook',
    description:
      'Deliveries that are still queued for it end as `canceled`; first attempts of the last 2 seconds, and attempts ' +
      'in progress, may still arrive.',
    success: { status: 204, description: 'Deleted.' },
    problems: ['not-found'],
  },
  verifyWebhook: {
    summary: 'Send the challenge again',
    description:
      'To `pending_url`, or to a `url` that is not verified yet. An answer to the previous challenge has no effect ' +
      'then. 409 for a webhook with nothing to verify. A body is ignored.',
    success: { status: 202, description: 'The challenge is queued.', output: 'Webhook' },
    problems: ['invalid-request', 'not-found', 'conflict', 'too-many-requests'],
  },
  testWebhook: {
    summary: 'Send a test event',
    description:
      "Sends the catalogue's example of a type to this webhook alone, subscribed or not, with the header " +
      '`X-Webhook-Test: true`. 409 for a webhook that is not active.',
    input: 'TestWebhook',
    success: { status: 202, description: 'The event is queued.', output: 'TestEvent' },
    problems: ['not-found', 'conflict', 'too-many-requests'],
  },
  listEventTypes: {
    summary: 'List event types',
    description:
      'All types that a webhook can subscribe to, with a JSON Schema and an example of `data`. One page.',
    success: { status: 200, description: 'The catalogue and the system events.', output: 'EventTypeList' },
    problems: [],
  },
  getOpenApi: {
    summary: 'Get this document',
    description: 'Needs no API key.',
    success: { status: 200, description: 'An OpenAPI 3.1 document.', output: 'OpenApi' },
    problems: [],
  },
};

import type { ProblemName } from './problem.ts';
import type { CallName } from './routes.ts';

/** What the OpenAPI document says of a call, beyond its route. */
export interface CallDescription {
  readonly summary: string;
  readonly description: string;
  /** Name of the component that is its body. */
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
  /** Those of this call alone. */
  readonly problems: readonly ProblemName[];
}

export const CALL_DESCRIPTIONS: Readonly<Record<CallName, CallDescription>> = {
  createWebhook: {
    summary: 'Create a webhook',
    description:
      'The webhook is `pending` until its URL answers a challenge: a POST with `{"type":"webhook.verification",' +
      '"data":{"challenge":"…"}}`, to be answered with status 200 and `{"challenge":"…"}`, the same text.',
    input: 'CreateWebhook',
    success: {
      status: 201,
      description: 'Created. The secret is shown in this answer and never again.',
      output: 'CreatedWebhook',
      headers: { Location: { description: 'Path of the webhook.', schema: { type: 'string' } } },
    },
    problems: ['webhook-limit-reached', 'too-many-requests'],
  },
  listWebhooks: {
    summary: 'List webhooks',
    description: 'In pages, in the order of their ids.',
    success: { status: 200, description: 'A page of webhooks.', output: 'WebhookList' },
    problems: ['invalid-request'],
  },
  getWebhook: {
    summary: 'Get a webhook',
    description: 'As it is now.',
    success: { status: 200, description: 'The webhook.', output: 'Webhook' },
    problems: ['not-found'],
  },
  updateWebhook: {
    summary: 'Change a webhook',
    description:
      'Changes the fields that are given, all or none. A new URL is shown as `pending_url` and is challenged, ' +
      'while the old one stays in force until the new one answers; the URL in force, given again, takes the ' +
      'pending one back. A webhook that was never verified takes the new URL at once and is challenged there. ' +
      'A disabled webhook gets first attempts that were already on their way for up to 10 seconds.',
    input: 'UpdateWebhook',
    success: { status: 200, description: 'The webhook as it is after the change.', output: 'Webhook' },
    problems: ['webhook-limit-reached', 'not-found', 'conflict', 'too-many-requests'],
  },
  deleteWebhook: {
    summary: 'Delete a webhook',
    description:
      'What is still queued for it ends as `canceled`; first attempts that were already on their way may ' +
      'arrive for up to 10 seconds.',
    success: { status: 204, description: 'Deleted.' },
    problems: ['not-found'],
  },
  verifyWebhook: {
    summary: 'Send the challenge again',
    description:
      'To `pending_url` where there is one, else to a `url` that is not verified yet. It replaces the challenge ' +
      'before it. A webhook with nothing to verify is a 409. A body is ignored.',
    success: { status: 202, description: 'The challenge is on its way.', output: 'Webhook' },
    problems: ['invalid-request', 'not-found', 'conflict', 'too-many-requests'],
  },
  testWebhook: {
    summary: 'Send a test event',
    description:
      "Sends the catalogue's example of a type to this webhook alone, subscribed or not, with the header " +
      '`X-Webhook-Test: true`. A webhook that is not active is a 409.',
    input: 'TestWebhook',
    success: { status: 202, description: 'The event is on its way.', output: 'TestEvent' },
    problems: ['not-found', 'conflict', 'too-many-requests'],
  },
  listEventTypes: {
    summary: 'List event types',
    description:
      'Everything that can be subscribed to, with a JSON Schema and an example of its `data`. One page.',
    success: { status: 200, description: 'The catalogue and the system events.', output: 'EventTypeList' },
    problems: [],
  },
  getOpenApi: {
    summary: 'Get this document',
    description: 'Needs no key.',
    success: { status: 200, description: 'An OpenAPI 3.1 document.', output: 'OpenApi' },
    problems: [],
  },
};

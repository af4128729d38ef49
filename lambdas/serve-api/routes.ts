/**
 * Every call of the API, as data: the stack creates a route for each, the function handles them and the OpenAPI document
 * describes them. All other requests are routed to `$default`.
 */
export const ROUTES = [
  { call: 'createWebhook', method: 'POST', path: '/v1/webhooks', needsKey: true, takesJson: true },
  { call: 'listWebhooks', method: 'GET', path: '/v1/webhooks', needsKey: true, takesJson: false },
  { call: 'getWebhook', method: 'GET', path: '/v1/webhooks/{webhook_id}', needsKey: true, takesJson: false },
  {
    call: 'updateWebhook',
    method: 'PATCH',
    path: '/v1/webhooks/{webhook_id}',
    needsKey: true,
    takesJson: true,
  },
  {
    call: 'deleteWebhook',
    method: 'DELETE',
    path: '/v1/webhooks/{webhook_id}',
    needsKey: true,
    takesJson: false,
  },
  {
    call: 'verifyWebhook',
    method: 'POST',
    path: '/v1/webhooks/{webhook_id}/verify',
    needsKey: true,
    takesJson: false,
  },
  { call: 'testWebhook', method: 'POST', path: '/v1/webhooks/test', needsKey: true, takesJson: true },
  { call: 'listEventTypes', method: 'GET', path: '/v1/event-types', needsKey: true, takesJson: false },
  { call: 'getOpenApi', method: 'GET', path: '/v1/openapi.json', needsKey: false, takesJson: false },
] as const;

export type Route = (typeof ROUTES)[number];
export type CallName = Route['call'];

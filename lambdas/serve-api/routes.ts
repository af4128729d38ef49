/**
 * Every call of the API, as data alone: the stack makes a route of each, the function answers them and the
 * OpenAPI document describes them. Whatever else is asked for goes to `$default` and is a 404 or a 405.
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

import type { Right } from '../shared/domain/session.ts';

/**
 * Every call of the API. The stack creates a route for each, the function handles them, and the OpenAPI document
 * describes them. All other requests are routed to `$default`.
 *
 * To add a call:
 * 1. Add its route here.
 * 2. Add `calls/<call-name>.ts` with its input schema and its handler, and list it in `calls/index.ts`.
 * 3. Add `open-api/calls/<call-name>.ts` with its description and the schema of its answer, and list it in
 *    `open-api/calls/index.ts`.
 * 4. Add `test/serve-api/calls/<call-name>.test.ts`.
 *
 * A call that creates something is `idempotent: true`. A call that changes, sends and confirms nothing has `right: 'read'`:
 * sessions that may only read are refused every other call.
 *
 * A new path parameter needs a description in `open-api/schemas/path-parameters.ts`. Schemas that several calls use are in
 * `schemas/` for inputs and in `open-api/schemas/` for answers, and other code that several calls use is in `webhooks/`,
 * `deliveries/` and `events/`. The function loads `open-api/` for the document only: import nothing but types of it.
 */
export const ROUTES = [
  { call: 'createWebhook', method: 'POST', path: '/v1/webhooks', needsKey: true, takesJson: true },
  {
    call: 'listWebhooks',
    method: 'GET',
    path: '/v1/webhooks',
    needsKey: true,
    takesJson: false,
    right: 'read',
  },
  {
    call: 'getWebhook',
    method: 'GET',
    path: '/v1/webhooks/{webhook_id}',
    needsKey: true,
    takesJson: false,
    right: 'read',
  },
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
  {
    call: 'rotateSecret',
    method: 'POST',
    path: '/v1/webhooks/{webhook_id}/secret/rotate',
    needsKey: true,
    takesJson: true,
  },
  {
    call: 'getWebhookHealth',
    method: 'GET',
    path: '/v1/webhooks/{webhook_id}/health',
    needsKey: true,
    takesJson: false,
    right: 'read',
  },
  {
    call: 'listDeliveries',
    method: 'GET',
    path: '/v1/webhooks/{webhook_id}/deliveries',
    needsKey: true,
    takesJson: false,
    right: 'read',
  },
  {
    call: 'getDelivery',
    method: 'GET',
    path: '/v1/webhooks/{webhook_id}/deliveries/{delivery_id}',
    needsKey: true,
    takesJson: false,
    right: 'read',
  },
  {
    call: 'resendDelivery',
    method: 'POST',
    path: '/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/resend',
    needsKey: true,
    takesJson: false,
  },
  {
    call: 'recoverDeliveries',
    method: 'POST',
    path: '/v1/webhooks/{webhook_id}/recover',
    needsKey: true,
    takesJson: true,
  },
  {
    call: 'getRecovery',
    method: 'GET',
    path: '/v1/recoveries/{recovery_id}',
    needsKey: true,
    takesJson: false,
    right: 'read',
  },
  {
    call: 'stopRecovery',
    method: 'DELETE',
    path: '/v1/recoveries/{recovery_id}',
    needsKey: true,
    takesJson: false,
  },
  { call: 'testWebhook', method: 'POST', path: '/v1/webhooks/test', needsKey: true, takesJson: true },
  {
    call: 'testWebhookByPath',
    method: 'POST',
    path: '/v1/webhooks/{webhook_id}/test',
    needsKey: true,
    takesJson: true,
  },
  {
    call: 'listRecoveries',
    method: 'GET',
    path: '/v1/webhooks/{webhook_id}/recoveries',
    needsKey: true,
    takesJson: false,
    right: 'read',
  },
  {
    call: 'getActivity',
    method: 'GET',
    path: '/v1/activity',
    needsKey: true,
    takesJson: false,
    right: 'read',
  },
  { call: 'createListener', method: 'POST', path: '/v1/listeners', needsKey: true, takesJson: true },
  {
    call: 'pollListener',
    method: 'GET',
    path: '/v1/listeners/{listener_id}/deliveries',
    needsKey: true,
    takesJson: false,
  },
  {
    call: 'deleteListener',
    method: 'DELETE',
    path: '/v1/listeners/{listener_id}',
    needsKey: true,
    takesJson: false,
  },
  {
    call: 'getEvent',
    method: 'GET',
    path: '/v1/events/{event_id}',
    needsKey: true,
    takesJson: false,
    right: 'read',
  },
  {
    call: 'listEventTypes',
    method: 'GET',
    path: '/v1/event-types',
    needsKey: true,
    takesJson: false,
    right: 'read',
  },
  { call: 'createSession', method: 'POST', path: '/v1/sessions', needsKey: false, takesJson: true },
  { call: 'getSession', method: 'GET', path: '/v1/session', needsKey: true, takesJson: false, right: 'read' },
  // A session that may only read can end itself, too.
  {
    call: 'deleteSession',
    method: 'DELETE',
    path: '/v1/session',
    needsKey: true,
    takesJson: false,
    right: 'read',
  },
  { call: 'getOpenApi', method: 'GET', path: '/v1/openapi.json', needsKey: false, takesJson: false },
] as const;

export type Route = (typeof ROUTES)[number];
/** What a caller must be allowed to do. Default: `write`, so that a new call is refused to sessions that may only read. */
export function rightOf(route: Route): Right {
  return 'right' in route ? route.right : 'write';
}

/** The calls that need an API key or a session, and so have an account. */
export type AccountCallName = Extract<Route, { needsKey: true }>['call'];
export type PublicCallName = Extract<Route, { needsKey: false }>['call'];

/** The parameters in the path of a request, as received and not validated. */
export type PathParameters = { readonly [Name in PathParameterName]?: string | undefined };
export type PathParameterName = ParametersIn<Route['path']>;

type ParametersIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParametersIn<Rest>
  : never;

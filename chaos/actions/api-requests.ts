import { urlOf } from '../endpoints.ts';
import type { History } from '../history.ts';
import type { Scenario } from '../scenario.ts';
import { secretOf } from '../secrets.ts';
import type { ApiAnswer, ApiClient } from './api-client.ts';
import { type ApiRequest, NARROW_TYPE, type RequestForAWebhook } from './user-action.ts';

const WEBHOOK = '/v1/webhooks/{webhook_id}';

export interface ApiRequesterDependencies {
  readonly scenario: Scenario;
  /** Webhook ids by the index in the scenario. `create` adds one. */
  readonly webhookIds: (string | undefined)[];
  readonly history: History;
  readonly call: ApiClient;
  /** The real address of a URL in the scenario. */
  addressOf(url: string): string;
}

/** Makes the requests of customers, and adds each with its answer to the history. */
export function createApiRequester(
  deps: ApiRequesterDependencies,
): (request: ApiRequest, webhook: number) => Promise<void> {
  const { scenario, webhookIds, history, call, addressOf } = deps;
  /** The version of each webhook's URL that was requested last. */
  const versions = scenario.webhooks.map(() => 0);

  const create = (account: number, webhook: number): Promise<ApiAnswer> => {
    const url = urlOf(webhook);
    const events = scenario.webhooks[webhook]?.events.split(',');
    const json = { url: addressOf(url), events, secret: secretOf(url) };
    return call(account, 'POST /v1/webhooks', '', json);
  };

  const requestForWebhook = (
    request: RequestForAWebhook,
    account: number,
    id: string,
    webhook: number,
  ): Promise<ApiAnswer> => {
    const patch = (json: object): Promise<ApiAnswer> => call(account, `PATCH ${WEBHOOK}`, id, json);
    const repoint = (version: number): Promise<ApiAnswer> =>
      patch({ url: addressOf(urlOf(webhook, version)) });
    switch (request) {
      case 'disable':
        return patch({ status: 'disabled' });
      case 'enable':
        return patch({ status: 'active' });
      case 'delete':
        return call(account, `DELETE ${WEBHOOK}`, id);
      case 'repoint':
        versions[webhook] = (versions[webhook] ?? 0) + 1;
        return repoint(versions[webhook]);
      case 'repoint_again':
        return repoint(versions[webhook] ?? 0);
      case 'repoint_back':
        return repoint(0);
      case 'narrow':
        return patch({ events: [NARROW_TYPE] });
      case 'widen':
        return patch({ events: ['*'] });
      case 'verify':
        return call(account, `POST ${WEBHOOK}/verify`, id);
      case 'test':
        return call(account, 'POST /v1/webhooks/test', '', { webhook_id: id, event_type: 'file.uploaded' });
    }
  };

  return async (request, webhook) => {
    const account = scenario.webhooks[webhook]?.account;
    const id = webhookIds[webhook];
    if (account === undefined || (id === undefined && request !== 'create')) return;
    const { status, body } =
      id === undefined || request === 'create'
        ? await create(account, webhook)
        : await requestForWebhook(request, account, id, webhook);
    if (request === 'create' && status === 201) webhookIds[webhook] = String(body.id);
    const webhookId = webhookIds[webhook];
    history.add({
      kind: 'acted',
      action: request,
      webhook,
      ...(webhookId === undefined ? {} : { webhookId }),
      ...(status === undefined ? {} : { status }),
      ...(body.detail === undefined ? {} : { detail: String(body.detail) }),
      ...(request === 'test' && status === 202 ? { eventId: String(body.event_id) } : {}),
    });
  };
}

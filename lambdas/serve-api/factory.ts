import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { type Catalogue, SYSTEM_EVENT_TYPES } from '../shared/domain/catalogue.ts';
import { checkEndpointUrl } from '../shared/domain/endpoint-url.ts';
import type { Timer } from '../shared/runtime/clock.ts';
import { createFirstLanes } from '../shared/runtime/lanes.ts';
import type { Log } from '../shared/runtime/observability.ts';
import type { Sqs } from '../shared/runtime/queues.ts';
import { createKeyring, type Kms } from '../shared/secrets/key-ring.ts';
import { createApiKeyStore } from '../shared/store/api-keys.ts';
import type { DynamoDB } from '../shared/store/client.ts';
import { createDeliveryStore } from '../shared/store/deliveries.ts';
import { createRateLimits } from '../shared/store/rate-limits.ts';
import { createWebhookStore } from '../shared/store/webhooks.ts';
import type { CallDeps } from './calls/call.ts';
import { getOpenApi } from './calls/get-open-api.ts';
import { CALLS } from './handlers.ts';
import { answerErrors } from './middlewares/answer-errors.ts';
import { authenticate } from './middlewares/authenticate.ts';
import { readJsonBody } from './middlewares/read-json-body.ts';
import { routeRequest } from './middlewares/route-request.ts';
import { describeApi } from './open-api/document.ts';
import { SYSTEM_CATALOGUE } from './open-api/system-event-types.ts';
import type { Ports } from './ports.ts';
import { recordChange } from './record-change.ts';
import { type GatewayResult, render } from './reply.ts';
import type { ApiEvent, ApiRequest } from './request.ts';
import { type CheckUrl, createRequestSchemas } from './schemas/requests.ts';

export interface ServeApiSettings {
  readonly webhooksTable: string;
  readonly deliveriesTable: string;
  readonly firstQueueUrl: string;
  readonly slowQueueUrl: string;
  /** Wraps the first data key, if this function creates it. */
  readonly kmsKeyId: string;
  readonly retryDelaysSeconds: readonly number[];
  readonly allowPrivateEndpoints: boolean;
}

export interface ServeApiDeps {
  readonly settings: ServeApiSettings;
  readonly catalogue: Catalogue;
  readonly dynamodb: DynamoDB;
  readonly sqs: Sqs;
  readonly kms: Kms;
  readonly clock: Timer;
  readonly log: Log;
}

export type ServeApi = (event: ApiEvent, context: Context) => Promise<GatewayResult>;

/** The state that one execution environment keeps between its requests. */
export function createServeApi(deps: ServeApiDeps): ServeApi {
  const { settings, catalogue, clock, log } = deps;
  const ports = createPorts(deps);
  const inputsFor = createInputsCache(settings, catalogue);
  const eventTypes = [...catalogue, ...SYSTEM_CATALOGUE];
  let openApi: string | undefined;

  return middy<ApiEvent, GatewayResult>()
    .use(answerErrors(log))
    .use(routeRequest())
    .use(authenticate(ports.apiKeys, log))
    .use(readJsonBody())
    .handler(async (event) => {
      const { route, accountId } = event;
      if (route?.call === 'getOpenApi') {
        openApi ??= JSON.stringify(describeApi(inputsFor('').schemas));
        return render(getOpenApi(openApi));
      }
      if (route === undefined || accountId === undefined) {
        throw new TypeError('a request was not routed or not authenticated; check the middlewares');
      }
      const request: ApiRequest = {
        accountId,
        webhookId: event.webhookId,
        query: event.queryStringParameters ?? {},
        body: event.json,
        apiHost: event.requestContext.domainName,
      };
      const callDeps = {
        ...ports,
        clock,
        eventTypes,
        retryDelaysSeconds: settings.retryDelaysSeconds,
        ...inputsFor(request.apiHost),
      };
      const reply = await CALLS[route.call](request, callDeps);
      if (route.method !== 'GET') recordChange(log, event, reply);
      return render(reply);
    });
}

function createPorts(deps: ServeApiDeps): Ports {
  const { settings, dynamodb } = deps;
  const webhooksTable = { dynamodb, tableName: settings.webhooksTable };
  return {
    apiKeys: createApiKeyStore(webhooksTable),
    webhooks: createWebhookStore(webhooksTable),
    rateLimits: createRateLimits(webhooksTable),
    keyring: createKeyring({ ...webhooksTable, kms: deps.kms, kmsKeyId: settings.kmsKeyId }),
    events: createDeliveryStore({ dynamodb, tableName: settings.deliveriesTable }),
    lanes: createFirstLanes({
      sqs: deps.sqs,
      clock: deps.clock,
      firstQueueUrl: settings.firstQueueUrl,
      slowQueueUrl: settings.slowQueueUrl,
    }),
  };
}

/** The checks of inputs, which depend on this API's own host. */
type Inputs = Pick<CallDeps, 'schemas' | 'checkUrl'>;

/** The API has one host name, or two with a custom domain: the checks for the last one are kept. */
function createInputsCache(
  { allowPrivateEndpoints }: ServeApiSettings,
  catalogue: Catalogue,
): (apiHost: string) => Inputs {
  const eventTypes = catalogue.map(({ name }) => name);
  const testableTypes = [...eventTypes, ...SYSTEM_EVENT_TYPES];
  let last: (Inputs & { readonly apiHost: string }) | undefined;
  return (apiHost) => {
    if (last?.apiHost !== apiHost) {
      const checkUrl: CheckUrl = (raw) => checkEndpointUrl(raw, { allowPrivateEndpoints, apiHost });
      const schemas = createRequestSchemas({ checkUrl, eventTypes, testableTypes });
      last = { apiHost, schemas, checkUrl };
    }
    return last;
  };
}

import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { CANARY_ACCOUNT, CANARY_TYPE } from '../shared/domain/canary.ts';
import type { Catalogue } from '../shared/domain/catalogue.ts';
import { checkEndpointUrl } from '../shared/domain/endpoint-url.ts';
import type { DisableAfter } from '../shared/domain/health.ts';
import { encodeRecoveryMessage } from '../shared/domain/recovery-message.ts';
import type { Timer } from '../shared/runtime/clock.ts';
import { countFailures } from '../shared/runtime/count-failures.ts';
import { createFirstLanes } from '../shared/runtime/lanes.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import { NOT_TRIED, type Sqs, sendAll, whyUnsent } from '../shared/runtime/queues.ts';
import { createKeyring, type Kms } from '../shared/secrets/key-ring.ts';
import { createApiKeyStore } from '../shared/store/api-keys.ts';
import { createAuditLog } from '../shared/store/audit-log.ts';
import type { DynamoDB } from '../shared/store/client.ts';
import { createDeliveryStore } from '../shared/store/deliveries.ts';
import { createDeliveryLog } from '../shared/store/delivery-log.ts';
import { createIdempotencyStore } from '../shared/store/idempotency.ts';
import { createListenerDeliveries } from '../shared/store/listener-deliveries.ts';
import { createListenerStore } from '../shared/store/listeners.ts';
import { createRateLimits } from '../shared/store/rate-limits.ts';
import { readRecords } from '../shared/store/read-delivery-states.ts';
import { createRecoveryStore } from '../shared/store/recoveries.ts';
import { createSessionStore } from '../shared/store/sessions.ts';
import { createWebhookStore } from '../shared/store/webhooks.ts';
import type { ApiEvent } from './api-event.ts';
import { auditChange } from './audit-change.ts';
import type { Call } from './call.ts';
import { CALLS, PUBLIC_CALLS } from './calls/index.ts';
import { completeResponse } from './complete-response.ts';
import { answerPreflight } from './cors.ts';
import { SYSTEM_CATALOGUE } from './events/system-event-types.ts';
import { answerCanary } from './middlewares/answer-canary.ts';
import { answerErrors } from './middlewares/answer-errors.ts';
import { authenticate } from './middlewares/authenticate.ts';
import { checkRight } from './middlewares/check-right.ts';
import { readJsonBody } from './middlewares/read-json-body.ts';
import { routeRequest } from './middlewares/route-request.ts';
import type { Ports } from './ports.ts';
import { followRateLimits } from './rate-limit-headers.ts';
import { redirectToConsole } from './redirect-to-console.ts';
import { type ApiResponse, type GatewayResult, toGatewayResult } from './response.ts';
import type { AccountCallName } from './routes.ts';
import { type CheckUrl, createInputFields, type InputFields } from './schemas/input-fields.ts';

export interface ServeApiSettings {
  readonly webhooksTable: string;
  readonly deliveriesTable: string;
  /** Whole days that events and records are kept. */
  readonly recordRetentionDays: number;
  readonly firstQueueUrl: string;
  readonly slowQueueUrl: string;
  readonly recoveriesQueueUrl: string;
  /** Wraps the first data key, if this function creates it. */
  readonly kmsKeyId: string;
  /** Hosts of this API, besides the one in a request. */
  readonly apiHosts: readonly string[];
  readonly retryDelaysSeconds: readonly number[];
  /** When a failing webhook is disabled. Undefined: never. */
  readonly disableAfter: DisableAfter | undefined;
  /** Deliveries a second of a new recovery. */
  readonly recoveryRate: number;
  readonly allowPrivateEndpoints: boolean;
  /** Origins of web pages that may call the API. */
  readonly corsOrigins: readonly string[];
  /** Whether another function of the same API serves the console. */
  readonly servesConsole: boolean;
  /** URL of this API to which the canary's webhook is registered. Absent: the deployment has no canary. */
  readonly canaryUrl?: string;
}

export interface ServeApiDeps {
  readonly settings: ServeApiSettings;
  readonly catalogue: Catalogue;
  readonly dynamodb: DynamoDB;
  readonly sqs: Sqs;
  readonly kms: Kms;
  readonly clock: Timer;
  readonly counters: Counters;
  readonly log: Log;
}

export type ServeApi = (event: ApiEvent, context: Context) => Promise<GatewayResult>;

/** Creates the state that one execution environment keeps between its requests. */
export function createServeApi(given: ServeApiDeps): ServeApi {
  const deps = countFailures(given);
  const { settings, catalogue, clock, log } = deps;
  const { retryDelaysSeconds, recoveryRate, corsOrigins, disableAfter, servesConsole } = settings;
  const ports = createPorts(deps);
  const apiFor = createApiCache(settings, catalogue);
  const eventTypes = [...catalogue, ...SYSTEM_CATALOGUE];
  let openApi: string | undefined;
  const openApiDocument = async (): Promise<string> => {
    // The module is in a separate file beside the bundle, which only this call loads.
    const { describeApi } = await import('./open-api/document.ts');
    const { fields } = apiFor({ apiHost: '', ofCanary: false });
    openApi ??= JSON.stringify(describeApi({ calls: CALLS, publicCalls: PUBLIC_CALLS, fields, eventTypes }));
    return openApi;
  };

  const handle = middy<ApiEvent, ApiResponse>()
    .use(answerErrors(log))
    .use(answerCanary(settings.canaryUrl, { ...ports, clock, counters: deps.counters }))
    .use(routeRequest())
    .use(authenticate({ ...ports, clock, log }))
    .use(checkRight())
    .use(readJsonBody())
    .handler(async (event) => {
      const { route, caller, routeParameters: path = {} } = event;
      const { requestId } = event.requestContext;
      const counted = followRateLimits(ports.rateLimits);
      if (route?.needsKey === false) {
        const publicDeps = { ...ports, rateLimits: counted.rateLimits, clock, log, openApiDocument };
        const response = await PUBLIC_CALLS[route.call].handle({ input: event.json, requestId }, publicDeps);
        return { ...response, headers: { ...response.headers, ...counted.headersOf(response.status) } };
      }
      if (route === undefined || caller === undefined) {
        throw new TypeError('a request was not routed or not authenticated; check the middlewares');
      }
      const { handlerOf, checkUrl } = apiFor({
        apiHost: event.requestContext.domainName,
        ofCanary: caller.accountId === CANARY_ACCOUNT,
      });
      const input = route.takesJson ? event.json : (event.queryStringParameters ?? {});
      const callDeps = {
        ...ports,
        rateLimits: counted.rateLimits,
        clock,
        log,
        eventTypes,
        retryDelaysSeconds,
        disableAfter,
        recoveryRate,
        checkUrl,
      };
      const { accountId } = caller;
      const request = { call: route.call, accountId, caller, headers: event.headers, path, input };
      const handler = handlerOf(route.call);
      const response = await auditChange({ ...request, requestId }, callDeps, (audited) =>
        handler(request, { ...callDeps, ...audited }),
      );
      return { ...response, headers: { ...response.headers, ...counted.headersOf(response.status) } };
    });

  return async (event, context) => {
    const response =
      answerPreflight(event, corsOrigins) ??
      redirectToConsole(event, servesConsole) ??
      (await handle(event, context));
    return toGatewayResult(completeResponse(response, event, corsOrigins), event);
  };
}

function createPorts(deps: ServeApiDeps): Ports {
  const { settings, dynamodb } = deps;
  const webhooksTable = { dynamodb, tableName: settings.webhooksTable, clock: deps.clock };
  const deliveriesTable = {
    dynamodb,
    tableName: settings.deliveriesTable,
    retentionDays: settings.recordRetentionDays,
  };
  return {
    apiKeys: createApiKeyStore(webhooksTable),
    sessions: createSessionStore(deliveriesTable),
    audit: createAuditLog(deliveriesTable),
    webhooks: createWebhookStore(webhooksTable),
    listeners: createListenerStore(webhooksTable),
    listenerDeliveries: createListenerDeliveries(deliveriesTable),
    rateLimits: createRateLimits(webhooksTable),
    keyring: createKeyring({
      ...webhooksTable,
      kms: deps.kms,
      kmsKeyId: settings.kmsKeyId,
    }),
    events: createDeliveryStore(deliveriesTable),
    deliveryLog: createDeliveryLog(deliveriesTable),
    readRecords: (names) => readRecords({ ...deliveriesTable, clock: deps.clock }, names),
    idempotency: createIdempotencyStore(deliveriesTable),
    recoveries: createRecoveryStore(deliveriesTable),
    enqueueRecovery: async (recovery) => {
      const entry = { body: encodeRecoveryMessage(recovery) };
      const [sent] = await sendAll(deps.sqs, deps.clock, settings.recoveriesQueueUrl, [entry]);
      const result = sent ?? NOT_TRIED;
      if (!result.ok) {
        const { accountId, recoveryId } = recovery;
        deps.log.error('a recovery was not enqueued', {
          recovery_id: recoveryId,
          account_id: accountId,
          ...whyUnsent(result),
        });
      }
      return result;
    },
    lanes: createFirstLanes({
      sqs: deps.sqs,
      clock: deps.clock,
      firstQueueUrl: settings.firstQueueUrl,
      slowQueueUrl: settings.slowQueueUrl,
    }),
  };
}

/** The inputs of the rules for webhooks. */
interface RuleKey {
  /** The API's own host name. A webhook must not point to it. */
  readonly apiHost: string;
  /** Whether the webhook is of the canary's account, which may point at the canary's URL. */
  readonly ofCanary: boolean;
}

interface ApiOfKey {
  readonly key: RuleKey;
  readonly checkUrl: CheckUrl;
  readonly fields: InputFields;
  /** Makes the handler, and its schema, when the call is first needed. */
  readonly handlerOf: (name: AccountCallName) => Handler;
}

type Handler = ReturnType<Call['createHandler']>;

/** A request can name the API by a host that the deployment does not know. Only the parts for the last key are cached. */
function createApiCache(
  { allowPrivateEndpoints, apiHosts, canaryUrl }: ServeApiSettings,
  catalogue: Catalogue,
): (key: RuleKey) => ApiOfKey {
  const eventTypes = catalogue.map(({ name }) => name);
  let last: ApiOfKey | undefined;
  return (key) => {
    const { apiHost, ofCanary } = key;
    if (last?.key.apiHost !== apiHost || last.key.ofCanary !== ofCanary) {
      const exemption = ofCanary && canaryUrl !== undefined ? { canaryUrl } : {};
      const rules = { allowPrivateEndpoints, apiHosts: [apiHost, ...apiHosts], ...exemption };
      const checkUrl: CheckUrl = (raw) => checkEndpointUrl(raw, rules);
      const ownEventTypes = ofCanary ? [CANARY_TYPE] : [];
      const fields = createInputFields({ checkUrl, eventTypes, ownEventTypes });
      last = { key, checkUrl, fields, handlerOf: createHandlers(fields) };
    }
    return last;
  };
}

function createHandlers(fields: InputFields): ApiOfKey['handlerOf'] {
  const made = new Map<AccountCallName, Handler>();
  return (name) => {
    const handler = made.get(name) ?? CALLS[name].createHandler(fields);
    made.set(name, handler);
    return handler;
  };
}

import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction, Function as LambdaFn } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Aws, Duration, Names, RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ROUTES } from '../../lambdas/serve-api/routes.ts';
import { CANARY_PATH } from '../../lambdas/shared/domain/canary.ts';
import type { DisableAfter } from '../../lambdas/shared/domain/health.ts';
import { KEY_PATTERNS } from '../../lambdas/shared/store/keys.ts';
import { ApiAddress, type ApiDomain } from '../shared/api-address.ts';
import { type CommonFunctionProps, createFunction } from '../shared/function.ts';
import { withoutUndefined } from '../shared/input.ts';
import type { Lanes } from '../shared/lanes.ts';
import type { Monitoring } from '../shared/monitoring.ts';
import { allow, allowSending, onPartitions } from '../shared/permissions.ts';
import type { Storage } from '../shared/storage.ts';
import type { Throttling } from '../shared/throttling.ts';
import { API_FUNCTION_TIMEOUT } from '../shared/timing.ts';

/** The request and its result. No header is logged, so that no API key is logged. */
const ACCESS_LOG = JSON.stringify({
  request_id: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  route: '$context.routeKey',
  status: '$context.status',
  response_bytes: '$context.responseLength',
  latency_ms: '$context.responseLatency',
  error: '$context.error.message',
  integration_error: '$context.integrationErrorMessage',
});

/** CloudWatch allows 512 characters in a name. The stack's name, which precedes the id, has up to 128. */
const MAX_LOG_NAME_ID_LENGTH = 128;

export interface ServeApiProps extends CommonFunctionProps {
  readonly storage: Storage;
  /** The API enqueues challenges and test events. */
  readonly lanes: Lanes;
  /** One message is sent to it for each recovery. */
  readonly recoveries: IQueue;
  /** Deliveries a second of a recovery. */
  readonly recoveryRate: number;
  readonly retryDelaysSeconds: readonly number[];
  readonly disableAfter: DisableAfter | false;
  readonly allowPrivateEndpoints: boolean;
  /** Origins of web pages that may call the API. */
  readonly corsOrigins: readonly string[];
  readonly throttling: Throttling;
  /** Whether the API receives the deliveries of the canary. */
  readonly canary: boolean;
  /** Whether the console is served from routes of this API. */
  readonly servesConsole: boolean;
  /** Default: the address of API Gateway. */
  readonly domain?: ApiDomain;
  /** Puts CloudFront with this web ACL in front of the API. */
  readonly webAclArn?: string;
}

/** The HTTPS API with which customers manage their webhooks. */
export class ServeApi extends Construct {
  readonly api: HttpApi;
  readonly address: ApiAddress;
  /** Receives the deliveries of the canary. Absent: the deployment has no canary. */
  readonly canaryUrl?: string;
  readonly server: LambdaFn;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, props: ServeApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      // Only a label. Without it, every deployment in an account is listed as "Api".
      apiName: Names.uniqueResourceName(this, { maxLength: 128 }),
      description: "Customers' webhooks",
      createDefaultStage: false,
    });
    const { api } = this;
    const { domain, webAclArn } = props;
    this.address = new ApiAddress(this, 'Address', { api, ...withoutUndefined({ domain, webAclArn }) });
    if (props.canary) this.canaryUrl = this.address.url + CANARY_PATH;
    this.server = this.createServer(props);
    this.addRoutes(api, props.releases.targetOf(this.server));
    this.stage = this.addStage(api, props);
    this.address.attach(this.stage);
    addAlarms(this, props.monitoring, this.stage);
  }

  private createServer(props: ServeApiProps): LambdaFn {
    const { storage, lanes, catalogueFile, logRetention, monitoring, releases } = props;
    const { account, apiKey, keyring, audit, event, recovery } = KEY_PATTERNS;
    const { idempotency, session, webhookDeliveries, listenerDeliveries } = KEY_PATTERNS;
    const server = createFunction(this, {
      step: 'serve-api',
      description: "Serves the customers' webhook API",
      catalogueFile,
      logRetention,
      xrayTracing: props.xrayTracing,
      monitoring,
      releases,
      timeout: API_FUNCTION_TIMEOUT,
      environment: {
        WEBHOOKS_TABLE: storage.webhooks.tableName,
        DELIVERIES_TABLE: storage.deliveries.tableName,
        RECORD_RETENTION_DAYS: String(storage.recordRetentionDays),
        FIRST_QUEUE_URL: lanes.first.queueUrl,
        SLOW_QUEUE_URL: lanes.slow.queueUrl,
        RECOVERIES_QUEUE_URL: props.recoveries.queueUrl,
        KMS_KEY_ID: storage.secretsKey.keyId,
        RETRY_DELAYS_SECONDS: JSON.stringify(props.retryDelaysSeconds),
        DISABLE_AFTER: JSON.stringify(props.disableAfter),
        RECOVERY_RATE: String(props.recoveryRate),
        ALLOW_PRIVATE_ENDPOINTS: String(props.allowPrivateEndpoints),
        API_HOSTS: JSON.stringify(this.address.hosts),
        CORS_ORIGINS: JSON.stringify(props.corsOrigins),
        SERVES_CONSOLE: String(props.servesConsole),
        ...(this.canaryUrl === undefined ? {} : { CANARY_URL: this.canaryUrl }),
      },
      permissions: [
        allow(
          ['dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
          [storage.webhooks.tableArn],
          onPartitions(account),
        ),
        allow(['dynamodb:GetItem'], [storage.webhooks.tableArn], onPartitions(account, apiKey, keyring)),
        // Only operators create API keys: KEY# is not allowed.
        allow(['dynamodb:PutItem'], [storage.webhooks.tableArn], onPartitions(account, keyring)),
        allow(
          ['dynamodb:PutItem'],
          [storage.deliveries.tableArn],
          onPartitions(event, recovery, audit, session),
        ),
        allow(
          ['dynamodb:GetItem'],
          [storage.deliveries.tableArn],
          onPartitions(event, recovery, webhookDeliveries, session),
        ),
        allow(
          ['dynamodb:Query', 'dynamodb:BatchGetItem'],
          [storage.deliveries.tableArn],
          onPartitions(webhookDeliveries),
        ),
        allow(['dynamodb:Query'], [storage.deliveries.tableArn], onPartitions(recovery)),
        allow(
          ['dynamodb:UpdateItem'],
          [storage.deliveries.tableArn],
          onPartitions(recovery, webhookDeliveries, audit, session),
        ),
        allow(
          ['dynamodb:GetItem', 'dynamodb:PutItem'],
          [storage.deliveries.tableArn],
          onPartitions(idempotency),
        ),
        allow(
          ['dynamodb:Query', 'dynamodb:BatchWriteItem'],
          [storage.deliveries.tableArn],
          onPartitions(listenerDeliveries),
        ),
        allow(['kms:GenerateDataKey', 'kms:Decrypt'], [storage.secretsKey.keyArn]),
        allowSending([lanes.first, lanes.slow, props.recoveries]),
      ],
    });
    Validations.of(server).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'It is invoked synchronously, by the HTTP API only: the caller receives the error.',
    });
    return server;
  }

  /**
   * With `$default`, the response to an unknown path or method is a problem document like every other error. It also
   * receives the preflight requests of browsers: the API has no CORS configuration, so that the function answers them.
   */
  private addRoutes(api: HttpApi, server: IFunction): void {
    const shared = new HttpLambdaIntegration('Server', server, { scopePermissionToRoute: false });
    // The other routes share a permission for …/*/*/*, which does not match `$default`: it has one segment less.
    const fallback = new HttpLambdaIntegration('Fallback', server);
    const routes = [
      { id: 'default', routeKey: HttpRouteKey.DEFAULT, integration: fallback },
      ...ROUTES.map(({ call, method, path }) => ({
        id: call,
        routeKey: HttpRouteKey.with(path, HttpMethod[method]),
        integration: shared,
      })),
    ];
    for (const { id, routeKey, integration } of routes) {
      const route = new HttpRoute(this, `Route-${id}`, { httpApi: api, routeKey, integration });
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason:
          'The function checks the API key itself: a wrong key gets a 401 with a problem document, and a revoked key stops working at once. A gateway authorizer caches its responses.',
      });
    }
  }

  private addStage(api: HttpApi, { throttling, logRetention }: ServeApiProps): HttpStage {
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: this.accessLogName(),
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttling.requestsPerSecond, burstLimit: throttling.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(ACCESS_LOG),
      },
    });
  }

  /**
   * For a log group with another prefix, API Gateway adds a statement to a resource policy of the account. The policy has
   * at most 5,120 characters. Stack names are unique in an account and region, construct ids in a stack.
   */
  private accessLogName(): string {
    const id = Names.uniqueResourceName(this, { maxLength: MAX_LOG_NAME_ID_LENGTH });
    return `/aws/vendedlogs/apis/${Aws.STACK_NAME}/${id}`;
  }
}

/** The period of the alarms of the API, whose traffic is low. */
const ALARM_PERIOD = Duration.minutes(5);

function addAlarms(scope: Construct, monitoring: Monitoring, stage: HttpStage): void {
  monitoring.addAlarm(scope, {
    article: 'api-errors',
    severity: 'page',
    meaning: "The customers' API answers requests with status 5xx.",
    metric: stage.metricServerError({ statistic: 'Sum', period: ALARM_PERIOD }),
    threshold: 5,
    datapoints: 1,
    periods: 1,
  });
  monitoring.addAlarm(scope, {
    article: 'api-latency',
    severity: 'ticket',
    meaning: "One of a hundred requests of the customers' API takes 2 s or longer.",
    metric: stage.metricLatency({ statistic: 'p99', period: ALARM_PERIOD }),
    threshold: 2_000,
    datapoints: 3,
    periods: 3,
  });
}

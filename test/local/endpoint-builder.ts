import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type Clock, systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { createAwsCalls, type Interceptor } from '../../local/aws-calls.ts';
import { createDynamoDb } from '../../local/dynamodb/service.ts';
import { startEndpoint } from '../../local/endpoint.ts';
import type { BusEvent, Rule } from '../../local/events/event.ts';
import { createEventBridge } from '../../local/events/service.ts';
import { createAuthorizer, type Principal } from '../../local/iam/authorizer.ts';
import { createResources } from '../../local/iam/resources.ts';
import { createKms } from '../../local/kms/service.ts';
import { createMeter } from '../../local/metering/meter.ts';
import { createSqsEngine } from '../../local/sqs/engine.ts';
import { createSqsService } from '../../local/sqs/service.ts';
import type { QueueSettings } from '../../local/sqs/settings.ts';

export const REGION = 'eu-west-1';
export const ACCOUNT = '000000000000';

/** All four services behind one endpoint, with real SDK clients for any caller. */
export async function startServices(
  options: { clock?: Clock; principals?: ReadonlyMap<string, Principal> } = {},
) {
  const clock = options.clock ?? systemClock;
  const matched: { rule: Rule; event: BusEvent; text: string }[] = [];
  const engine = createSqsEngine({ clock });
  const dynamodb = createDynamoDb({ region: REGION });
  const events = createEventBridge({
    clock,
    account: ACCOUNT,
    region: REGION,
    onMatched: (rule, event, text) => matched.push({ rule, event, text }),
  });
  const kms = createKms();
  const meter = createMeter();
  const calls = createAwsCalls({
    services: { sqs: createSqsService(engine), dynamodb, events, kms },
    authorize: createAuthorizer({
      principals: options.principals ?? new Map(),
      resources: createResources({
        region: REGION,
        accountId: ACCOUNT,
        partitionKeyOf: () => 'pk',
        keyArnOf: (keyId) => kms.keyArnOf(keyId),
      }),
      accountId: ACCOUNT,
    }),
    meter,
  });
  const faults: unknown[] = [];
  const endpoint = await startEndpoint({ calls, onInternalError: (error) => faults.push(error) });
  const clients: { destroy(): void }[] = [];
  const settings = (accessKeyId: string) => ({
    region: REGION,
    endpoint: endpoint.url,
    credentials: { accessKeyId, secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  const keep = <Client extends { destroy(): void }>(client: Client): Client => {
    clients.push(client);
    return client;
  };

  return {
    endpoint,
    engine,
    dynamodb,
    events,
    kms,
    meter,
    calls,
    matched,
    faults,
    use: (interceptor: Interceptor) => calls.use(interceptor),
    sqsOf: (accessKeyId = 'local') => keep(new SQSClient(settings(accessKeyId))),
    dynamodbOf: (accessKeyId = 'local') => keep(new DynamoDBClient(settings(accessKeyId))),
    eventsOf: (accessKeyId = 'local') => keep(new EventBridgeClient(settings(accessKeyId))),
    kmsOf: (accessKeyId = 'local') => keep(new KMSClient(settings(accessKeyId))),
    createQueue: (name: string, overrides: Partial<QueueSettings> = {}): QueueSettings => {
      const queue = aQueue(name, { url: `${endpoint.url}/${ACCOUNT}/${name}`, ...overrides });
      engine.createQueue(queue);
      return queue;
    },
    async close(): Promise<void> {
      for (const client of clients) client.destroy();
      await endpoint.close();
      await dynamodb.close();
    },
  };
}

export type Services = Awaited<ReturnType<typeof startServices>>;

export function aQueue(name: string, overrides: Partial<QueueSettings> = {}): QueueSettings {
  return {
    name,
    arn: queueArn(name),
    url: `http://127.0.0.1/${ACCOUNT}/${name}`,
    delaySeconds: 0,
    visibilityTimeoutSeconds: 30,
    retentionSeconds: 4 * 24 * 3600,
    ...overrides,
  };
}

export function queueArn(name: string): string {
  return `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
}

/** A clock that only the test moves. */
export function manualClock(start = Date.UTC(2026, 0, 1)): Clock & { advanceSeconds(seconds: number): void } {
  let now = start;
  return {
    now: () => now,
    advanceSeconds(seconds) {
      now += seconds * 1000;
    },
  };
}

import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { inject } from 'vitest';
import { parseAccountId } from '../../../lambdas/shared/domain/ids.ts';
import { createApiKeyStore } from '../../../lambdas/shared/store/api-keys.ts';
import { type Cloud, type CloudSettings, createCloud } from '../../../local/cloud.ts';
import { until } from '../../support/until.ts';
import { type Customer, type CustomerAnswers, startCustomer } from './customer.ts';

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'any' };

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the tests check the shape of the answers
  readonly body: any;
}

/** Queues that no function reads. */
const FINAL_QUEUES = ['ExhaustedQueueUrl', 'PoisonQueueUrl', 'UnreadableQueueUrl', 'UndispatchedQueueUrl'];

/** A running stack with the actions of operators, producers and customers. */
export interface Journey {
  readonly cloud: Cloud;
  readonly accountId: string;
  api(
    method: string,
    path: string,
    body?: unknown,
    options?: { key?: string; headers?: Readonly<Record<string, string>> },
  ): Promise<ApiAnswer>;
  newAccount(accountId: string): Promise<string>;
  /** Registers a webhook, waits until it is active, and returns it with its secret. */
  register(input: Record<string, unknown>, options?: { key?: string }): Promise<ApiAnswer['body']>;
  untilStatus(webhookId: string, status: string, options?: { key?: string }): Promise<ApiAnswer['body']>;
  /** Calls PutEvents, as a producer does. Returns the event id of the bus. */
  publish(type: string, detail: Record<string, unknown>): Promise<string>;
  publishRaw(type: string, detailText: string): Promise<string>;
  /** Receives up to ten messages. No message is received twice. */
  receive(queueUrl: string | undefined): Promise<string[]>;
  /** The delivery records of a webhook, oldest first. */
  records(webhookId: string, accountId?: string): Promise<Record<string, unknown>[]>;
  /** Starts the server of a customer. `close` also closes this server. */
  startCustomer(answerOf?: CustomerAnswers): Promise<Customer>;
  /**
   * Waits until no function runs and every queue is empty, except for the dead-letter queues. Nothing more is sent
   * after that, so tests that assert the absence of a request wait for it.
   */
  untilIdle(): Promise<void>;
  close(): Promise<void>;
}

export interface JourneySettings extends Partial<CloudSettings> {
  /** Default: false, and `close` throws when a role denied a call. */
  readonly mayBeRefused?: boolean;
}

export async function startJourney({
  mayBeRefused = false,
  ...settings
}: JourneySettings = {}): Promise<Journey> {
  const refused = new Set<string>();
  const cloud = await createCloud({
    assemblyDirectory: inject('privateAssembly'),
    ...settings,
    onDecision(principal, request, allowed) {
      settings.onDecision?.(principal, request, allowed);
      if (!allowed) refused.add(`${principal.functionName}: ${request.action} on ${request.resource}`);
    },
  });
  const client = { endpoint: cloud.awsEndpoint, region: cloud.region, credentials: CREDENTIALS };
  const dynamodb = new DynamoDBClient(client);
  const sqs = new SQSClient(client);
  const events = new EventBridgeClient(client);
  const apiKeys = createApiKeyStore({ dynamodb, tableName: cloud.outputs.WebhooksTableName ?? '' });

  const newAccount = async (accountId: string): Promise<string> => {
    const id = parseAccountId(accountId);
    if (id === undefined) throw new Error(`${accountId} is not an account id`);
    return (await apiKeys.create(id, 'journey', Date.now())).key;
  };
  const customers: Customer[] = [];
  const accountId = 'acct_1';
  const ownKey = await newAccount(accountId).catch(async (error: unknown) => {
    await cloud.close();
    throw error;
  });

  const journey: Journey = {
    cloud,
    accountId,
    newAccount,
    async api(method, path, body, { key = ownKey, headers = {} } = {}) {
      const response = await fetch(cloud.apiUrl + path, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === '' ? undefined : JSON.parse(text),
      };
    },
    async register(input, options) {
      const created = await journey.api('POST', '/v1/webhooks', input, options);
      if (created.status !== 201) throw new Error(`${created.status}: ${JSON.stringify(created.body)}`);
      return {
        ...(await journey.untilStatus(created.body.id, 'active', options)),
        secret: created.body.secret,
      };
    },
    async untilStatus(webhookId, status, options) {
      return until(`webhook ${webhookId} is ${status}`, async () => {
        const { body } = await journey.api('GET', `/v1/webhooks/${webhookId}`, undefined, options);
        return body.status === status ? body : undefined;
      });
    },
    publish: (type, detail) => journey.publishRaw(type, JSON.stringify({ account_id: accountId, ...detail })),
    async publishRaw(type, detailText) {
      const answer = await events.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: cloud.outputs.EventBusName ?? '',
              Source: 'ppt',
              DetailType: type,
              Detail: detailText,
            },
          ],
        }),
      );
      const [entry] = answer.Entries ?? [];
      if (entry?.EventId === undefined)
        throw new Error(`PutEvents failed: ${entry?.ErrorCode} ${entry?.ErrorMessage}`);
      return entry.EventId;
    },
    async receive(queueUrl) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
      );
      return Messages.map(({ Body = '' }) => Body);
    },
    async records(webhookId, account = accountId) {
      const { Items = [] } = await dynamodb.send(
        new QueryCommand({
          TableName: cloud.outputs.DeliveriesTableName ?? '',
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: `WEBHOOK#${account}#${webhookId}` } },
        }),
      );
      return Items.map((item) => unmarshall(item));
    },
    async startCustomer(answerOf) {
      const customer = await startCustomer(answerOf);
      customers.push(customer);
      return customer;
    },
    async untilIdle() {
      await until('an idle stack', () => isIdle(cloud) || undefined);
    },
    async close() {
      for (const client of [dynamodb, sqs, events]) client.destroy();
      await cloud.close();
      for (const customer of customers) await customer.close();
      if (refused.size > 0 && !mayBeRefused)
        throw new Error(`The roles denied these calls:\n${[...refused].join('\n')}`);
    },
  };
  return journey;
}

function isIdle({ functions, queues, outputs }: Cloud): boolean {
  const finalUrls = new Set(FINAL_QUEUES.map((name) => outputs[name]));
  const isEmpty = ({ visible, inFlight, delayed }: ReturnType<Cloud['queues']['counts']>) =>
    visible + inFlight + delayed === 0;
  return (
    functions.every((fn) => fn.environments().every(({ busy }) => !busy)) &&
    queues.queues().every(({ url }) => finalUrls.has(url) || isEmpty(queues.counts(url)))
  );
}

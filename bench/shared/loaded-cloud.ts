import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AccountId, parseAccountId } from '../../lambdas/shared/domain/ids.ts';
import { inParallel } from '../../lambdas/shared/runtime/parallel.ts';
import { createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { ADMINISTRATOR } from '../../local/aws-calls.ts';
import { type Cloud, createCloud } from '../../local/cloud.ts';
import { createCustomer } from '../../local/demo/customer.ts';
import { type Endpoints, startEndpoints } from './endpoints.ts';

const CREDENTIALS = { accessKeyId: ADMINISTRATOR, secretAccessKey: ADMINISTRATOR };
const SECRET = 'the_customers_secret';
const PARALLEL_REGISTRATIONS = 8;

export interface CloudLoad {
  /** A synthesized app that allows private endpoints. */
  readonly assemblyDirectory: string;
  /** The most execution environments of each function at once. Default: that of the local cloud. */
  readonly environments?: number;
  readonly endpoints: number;
  readonly answerMs: number;
  /** The endpoints of each account's webhooks. */
  readonly accounts: readonly (readonly number[])[];
}

/** The stack on the local cloud, with customers' accounts, webhooks and endpoints. */
export interface LoadedCloud {
  readonly cloud: Cloud;
  readonly endpoints: Endpoints;
  /** In the order of `CloudLoad.accounts`. */
  readonly accounts: readonly AccountId[];
  /** Errors that the functions and the local cloud reported. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

export async function startLoadedCloud(load: CloudLoad): Promise<LoadedCloud> {
  const problems: string[] = [];
  const endpoints = await startEndpoints({ count: load.endpoints, answerMs: load.answerMs });
  const cloud = await createCloud({
    assemblyDirectory: load.assemblyDirectory,
    ...(load.environments === undefined ? {} : { maximumEnvironments: load.environments }),
    onProblem: (problem) => problems.push(problem),
  });
  const accounts = accountIds(load.accounts.length);
  await register(
    cloud,
    accounts,
    load.accounts.map((numbers) => numbers.map((number) => endpoints.urls[number] ?? '')),
  );
  return {
    cloud,
    endpoints,
    accounts,
    problems,
    async close() {
      await cloud.close();
      await endpoints.close();
    },
  };
}

/** Creates the accounts' webhooks through the API, and waits until they are verified. */
export async function register(
  cloud: Cloud,
  accounts: readonly AccountId[],
  urls: readonly (readonly string[])[],
): Promise<void> {
  const dynamodb = new DynamoDBClient({
    endpoint: cloud.awsEndpoint,
    region: cloud.region,
    credentials: CREDENTIALS,
  });
  const apiKeys = createApiKeyStore({ dynamodb, tableName: cloud.outputs.WebhooksTableName ?? '' });
  await inParallel([...accounts.entries()], PARALLEL_REGISTRATIONS, async ([index, account]) => {
    const { key } = await apiKeys.create(account, 'bench', Date.now());
    const customer = createCustomer(cloud.apiUrl, key);
    for (const url of urls[index] ?? []) {
      const created = await customer.createWebhook({ url, events: ['*'], secret: SECRET });
      const { status } = await customer.untilVerified(created.id);
      if (status !== 'active')
        throw new Error(`a webhook of ${account} is ${status}; it must be active before the measurement`);
    }
  });
  dynamodb.destroy();
}

/** `acct_0`, `acct_1` and so on. */
export function accountIds(count: number): AccountId[] {
  return Array.from({ length: count }, (_, index) => accountId(`acct_${index}`));
}

function accountId(text: string): AccountId {
  const id = parseAccountId(text);
  if (id === undefined) throw new Error(`${text} is not a valid account id`);
  return id;
}

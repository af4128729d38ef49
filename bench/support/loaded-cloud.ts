import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AccountId, parseAccountId } from '../../lambdas/shared/domain/ids.ts';
import { inParallel } from '../../lambdas/shared/runtime/parallel.ts';
import { createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { ADMINISTRATOR } from '../../local/calls.ts';
import { type Cloud, createCloud } from '../../local/cloud.ts';
import { createCustomer } from '../../local/demo/customer.ts';
import { type Endpoints, startEndpoints } from './endpoints.ts';

const CREDENTIALS = { accessKeyId: ADMINISTRATOR, secretAccessKey: ADMINISTRATOR };
const SECRET = 'the_customers_secret';
const PARALLEL_REGISTRATIONS = 8;

export interface LoadSettings {
  /** A synthesized app that allows private endpoints. */
  readonly assemblyDirectory: string;
  /** Execution environments of each function at once. */
  readonly environments: number;
  readonly endpoints: number;
  readonly answerMs: number;
}

/** The stack on this machine, with customers: an account, a webhook and an endpoint each. */
export interface LoadedCloud {
  readonly cloud: Cloud;
  readonly endpoints: Endpoints;
  readonly accounts: readonly AccountId[];
  /** What the functions and the local cloud complained of. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

export async function startLoadedCloud(settings: LoadSettings): Promise<LoadedCloud> {
  const problems: string[] = [];
  const endpoints = await startEndpoints({ count: settings.endpoints, answerMs: settings.answerMs });
  const cloud = await createCloud({
    assemblyDirectory: settings.assemblyDirectory,
    maximumEnvironments: settings.environments,
    onProblem: (problem) => problems.push(problem),
  });
  const accounts = endpoints.urls.map((_, endpoint) => accountId(`acct_${endpoint}`));
  await register(cloud, accounts, endpoints.urls);
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

/** Through the API and the verification, as customers do. */
async function register(
  cloud: Cloud,
  accounts: readonly AccountId[],
  urls: readonly string[],
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
    const created = await customer.createWebhook({ url: urls[index] ?? '', events: ['*'], secret: SECRET });
    const { status } = await customer.untilVerified(created.id);
    if (status !== 'active')
      throw new Error(`webhook ${index} is ${status}; it must be active to be measured`);
  });
  dynamodb.destroy();
}

function accountId(text: string): AccountId {
  const id = parseAccountId(text);
  if (id === undefined) throw new Error(`${text} is no account id`);
  return id;
}

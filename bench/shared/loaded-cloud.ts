import { putWebhooks } from '../../fixtures/put-webhooks.ts';
import { type AccountId, parseAccountId } from '../../lambdas/shared/domain/ids.ts';
import { type Cloud, createCloud } from '../../local/cloud.ts';
import { type Endpoints, startEndpoints } from './endpoints.ts';

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
  for (const [index, account] of accounts.entries()) {
    const urls = load.accounts[index]?.map((number) => endpoints.urls[number] ?? '') ?? [];
    await putWebhooks(cloud, account, urls);
  }
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

/** `acct_0`, `acct_1` and so on. */
export function accountIds(count: number): AccountId[] {
  return Array.from({ length: count }, (_, index) => accountId(`acct_${index}`));
}

function accountId(text: string): AccountId {
  const id = parseAccountId(text);
  if (id === undefined) throw new Error(`${text} is not a valid account id`);
  return id;
}

import {
  type AccountId,
  parseAccountId,
  parseWebhookId,
  type WebhookId,
} from '../lambdas/shared/domain/ids.ts';
import type { SealedSecret } from '../lambdas/shared/domain/webhook.ts';
import { createKeyring, type Keyring } from '../lambdas/shared/secrets/key-ring.ts';
import { dataKeyKey } from '../lambdas/shared/store/keys.ts';
import type { Stack } from '../local/assembly/stack.ts';
import type { AwsCalls, Json } from '../local/aws-calls.ts';
import { createInProcessClient } from '../local/in-process-client.ts';
import { createKms } from '../local/kms/service.ts';

/** The signing secret of each webhook, from the host of its URL, so that the checks can verify signatures. */
export function secretOf(url: string): string {
  return `the secret of ${new URL(url).host}`;
}

export const KMS_SEED = Buffer.alloc(32, 7);

/** Encrypts the webhooks' secrets. Prepared once, used in every run. */
export interface Secrets {
  /** Items that the webhooks table must contain, in DynamoDB's typed JSON: the data key. */
  readonly items: readonly Json[];
  seal(
    secret: string,
    owner: { readonly accountId: AccountId; readonly webhookId: WebhookId },
    createdAt: string,
  ): Promise<SealedSecret>;
  open: Keyring['open'];
}

export async function prepareSecrets(stack: Stack): Promise<Secrets> {
  const kms = createKms({ keys: stack.keys, seed: KMS_SEED });
  let dataKeyItem: Json | undefined;
  const calls: AwsCalls = {
    use: () => () => undefined,
    async call({ service, action, input }) {
      if (service === 'kms')
        return kms.call(action, input, { principal: 'operator', useUnits: () => undefined });
      // A keyring writes and reads the data key. No rotation named another current data key.
      if (action === 'PutItem') dataKeyItem = Object.fromEntries(Object.entries(Object(input.Item)));
      const isDataKey = JSON.stringify(Object(input.Key).sk ?? '').includes(dataKeyKey(1).sk);
      return dataKeyItem === undefined || !isDataKey ? {} : { Item: dataKeyItem };
    },
  };
  const keyring = createKeyring({
    tableName: 'webhooks',
    kmsKeyId: stack.keys[0]?.arn ?? '',
    kms: createInProcessClient(calls, 'operator', 'kms'),
    dynamodb: createInProcessClient(calls, 'operator', 'dynamodb'),
  });
  const sealed = new Map<string, Promise<SealedSecret>>();
  const seal: Secrets['seal'] = (secret, owner, createdAt) => {
    const name = `${owner.accountId} ${owner.webhookId} ${secret}`;
    const one = sealed.get(name) ?? keyring.seal(secret, owner, createdAt);
    sealed.set(name, one);
    return one;
  };
  // The first call creates the data key.
  const [accountId, webhookId] = [parseAccountId('acct_none'), parseWebhookId('wh_none')];
  if (accountId === undefined || webhookId === undefined)
    throw new Error('the ids of the first secret are invalid');
  await seal('anything', { accountId, webhookId }, '');
  if (dataKeyItem === undefined) throw new Error('the keyring created no data key');
  return { items: [dataKeyItem], seal, open: keyring.open };
}

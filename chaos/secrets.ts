import {
  type AccountId,
  parseAccountId,
  parseWebhookId,
  type WebhookId,
} from '../lambdas/shared/domain/ids.ts';
import type { SealedSecret } from '../lambdas/shared/domain/webhook.ts';
import { createKeyring } from '../lambdas/shared/store/keyring.ts';
import type { Stack } from '../local/assembly/stack.ts';
import type { Calls, Json } from '../local/calls.ts';
import { createInProcessClient } from '../local/in-process-client.ts';
import { createKms } from '../local/kms/service.ts';

/** A webhook's signing secret; the same for all, so that the checks can verify signatures. */
export const SECRET = 'a secret of 27 characters..';
export const KMS_SEED = Buffer.alloc(32, 7);

/** Sealed secrets, and the data key that opens them: made once, used in every run. */
export interface Secrets {
  /** What the webhooks table must hold for them, as DynamoDB keeps it: the data key. */
  readonly items: readonly Json[];
  seal(accountId: AccountId, webhookId: WebhookId, createdAt: string): Promise<SealedSecret>;
}

export async function prepareSecrets(stack: Stack): Promise<Secrets> {
  const kms = createKms({ keys: stack.keys, seed: KMS_SEED });
  let dataKeyItem: Json | undefined;
  const calls: Calls = {
    use: () => () => undefined,
    async call({ service, action, input }) {
      if (service === 'kms')
        return kms.call(action, input, { principal: 'operator', useUnits: () => undefined });
      // All that a keyring asks of a table: one item, written and read.
      if (action === 'PutItem') dataKeyItem = Object.fromEntries(Object.entries(Object(input.Item)));
      return dataKeyItem === undefined ? {} : { Item: dataKeyItem };
    },
  };
  const keyring = createKeyring({
    tableName: 'webhooks',
    kmsKeyId: stack.keys[0]?.arn ?? '',
    kms: createInProcessClient(calls, 'operator', 'kms'),
    dynamodb: createInProcessClient(calls, 'operator', 'dynamodb'),
  });
  const sealed = new Map<string, Promise<SealedSecret>>();
  const seal: Secrets['seal'] = (accountId, webhookId, createdAt) => {
    const name = `${accountId} ${webhookId}`;
    const one = sealed.get(name) ?? keyring.seal(SECRET, { accountId, webhookId }, createdAt);
    sealed.set(name, one);
    return one;
  };
  // The first secret makes the data key.
  const [accountId, webhookId] = [parseAccountId('nobody'), parseWebhookId('wh_none')];
  if (accountId === undefined || webhookId === undefined) throw new Error('these are no ids');
  await seal(accountId, webhookId, '');
  if (dataKeyItem === undefined) throw new Error('the keyring made no data key');
  return { items: [dataKeyItem], seal };
}

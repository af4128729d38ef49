import { randomBytes } from 'node:crypto';
import { createApiKeyStore } from '../../../lambdas/shared/store/api-keys.ts';
import { ADMINISTRATOR } from '../../../local/aws-calls.ts';
import { createInProcessClient } from '../../../local/in-process-client.ts';
import { arrange, expectStatus } from './arrange.ts';
import { type ObservedStack, ownSecret, type Scenario } from './observed-stack.ts';

/** Requests with secrets and keys that the API refuses. */
export const REFUSALS: Readonly<Record<string, Scenario>> = {
  async 'input that is refused'(stack) {
    const at = await arrange(stack, 'acct_refused');
    const { id } = await at.register({});
    const valid = { url: at.url, events: ['*'] };
    const refused = (secret: string) => stack.keep('a refused secret', secret);
    const secrets = [
      refused(randomBytes(10).toString('base64').slice(0, 15)),
      refused(randomBytes(150).toString('hex')),
      refused(`ü${randomBytes(24).toString('base64')}`),
      refused(`whsec_${randomBytes(20).toString('hex')}!`),
      refused(`whsec_${randomBytes(12).toString('base64')}`),
    ];
    for (const secret of secrets) {
      await at.call(400, 'POST', '/v1/webhooks', { ...valid, secret });
      await at.call(400, 'POST', '/v1/webhooks', { ...valid, secret: [secret] });
      await at.call(400, 'POST', '/v1/webhooks', { ...valid, signing_secret: secret });
      await at.call(400, 'PATCH', `/v1/webhooks/${id}`, { secret });
      await at.call(400, 'POST', '/v1/webhooks', `{"secret": "${secret}"`);
      await at.call(400, 'POST', '/v1/webhooks', JSON.stringify(secret));
      // The error message of JSON.parse quotes the beginning of its input.
      await at.call(400, 'POST', '/v1/webhooks', `?${secret}`);
      await at.call(400, 'POST', `/v1/webhooks/test`, { webhook_id: id, event_type: secret });
    }
    await at.call(413, 'POST', '/v1/webhooks', `"${secrets.join().repeat(200)}"`);
  },

  async 'keys that are refused'(stack) {
    const at = await arrange(stack, 'acct_keys');
    const { id } = await at.register({});
    const { cloud } = stack.journey;
    const keys = createApiKeyStore({
      dynamodb: createInProcessClient(cloud.calls, ADMINISTRATOR, 'dynamodb'),
      tableName: cloud.outputs.WebhooksTableName ?? '',
    });
    const revoked = await stack.newAccount('acct_revoked');
    await keys.revoke(revoked, Date.now());
    const unknown = stack.keep('an unknown key', `whk_${randomBytes(24).toString('base64url')}`);
    for (const authorization of [
      `Bearer ${revoked}`,
      `Bearer ${unknown}`,
      `Bearer ${unknown}${unknown}`,
      `Basic ${Buffer.from(`:${unknown}`).toString('base64')}`,
      unknown,
    ]) {
      const answer = await stack.api('GET', `/v1/webhooks/${id}`, { headers: { authorization } });
      expectStatus(answer.status, 401);
    }
    const foreign = await stack.api('GET', `/v1/webhooks/${id}`, {
      key: await stack.newAccount('acct_foreign'),
    });
    expectStatus(foreign.status, 404);
    await at.call(400, 'GET', `/v1/webhooks?api_key=${unknown}`);
    await at.call(400, 'GET', `/v1/webhooks?cursor=${unknown}`);
    expectStatus((await stack.api('GET', `/v1/webhooks?key=${unknown}`, { headers: {} })).status, 401);
  },
};

/** Fails each step of creating a webhook. Must run first and alone, before a data key exists. */
export async function failToCreate(stack: ObservedStack): Promise<void> {
  const at = await arrange(stack, 'acct_failing');
  for (const failing of ['GenerateDataKey', 'PutItem', 'SendMessageBatch']) {
    const endOutage = stack.startOutage(({ action }) => action === failing);
    const secret = stack.keep('a secret of a webhook that was not created', ownSecret());
    await at.call(503, 'POST', '/v1/webhooks', { url: at.url, events: ['*'], secret });
    await at.call(503, 'POST', '/v1/webhooks', { url: at.url, events: ['*'] });
    endOutage();
  }
}

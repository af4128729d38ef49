import type { Webhook } from '../../../lambdas/shared/domain/webhook.ts';
import type { Api, Caller } from './start-api.ts';

export const CURRENT_URL = 'https://customer.example/old';

/** Creates a webhook through the API and brings it into this status. */
export async function givenWebhook(
  api: Api,
  status: 'pending' | 'active' | 'disabled' | 'verification_failed',
) {
  const caller = await api.newCaller();
  const created = await caller.call('POST', '/v1/webhooks', { json: { url: CURRENT_URL, events: ['*'] } });
  const id = Object(created.body).id;
  if (status === 'verification_failed') await failVerification(api, caller, id);
  if (status === 'active' || status === 'disabled') await answerChallenge(api, caller, id);
  if (status === 'disabled') await caller.call('PATCH', `/v1/webhooks/${id}`, { json: { status } });
  return { caller, id, patch: (json: unknown) => caller.call('PATCH', `/v1/webhooks/${id}`, { json }) };
}

export async function storedWebhook(api: Api, caller: Caller, id: Webhook['id']): Promise<Webhook> {
  const webhook = await api.webhooks.get(caller.account, id);
  if (webhook === undefined) throw new Error('the webhook does not exist');
  return webhook;
}

/** Stores the result of a correct answer to the challenge that was sent last. */
export async function answerChallenge(api: Api, caller: Caller, id: Webhook['id']): Promise<void> {
  const verificationId = caller.queued().at(-1)?.message.eventId;
  if (verificationId === undefined) throw new Error('no challenge was sent');
  await api.webhooks.activate(caller.account, id, verificationId, new Date(api.clock.time).toISOString());
}

/** Stores the result of a failed challenge. */
export async function failVerification(api: Api, caller: Caller, id: Webhook['id']): Promise<void> {
  const { verification } = await storedWebhook(api, caller, id);
  if (verification === undefined) throw new Error('the webhook has no challenge');
  const at = new Date(api.clock.time).toISOString();
  await api.webhooks.failVerification(caller.account, id, verification.id, 'it answered 500', at);
}

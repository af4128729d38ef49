import { api, bodyOf } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
import { useQuery } from '../../api/use-query.ts';
import { isReadOnly } from '../../session/session.ts';

export type NewWebhook = components['schemas']['CreateWebhook'];
type Webhook = components['schemas']['WebhookWithHeld'];
export type Challenge = components['schemas']['Delivery'];

/** The type of the deliveries that carry a challenge. */
const VERIFICATION_TYPE = 'webhook.verification';
/** The pause in typing after which the input is checked, in milliseconds. */
const CHECK_AFTER_MS = 400;

/** The checks of the API for what is typed so far. Nothing is created. The data is the URL in its normal form. */
export function useCheck(input: NewWebhook) {
  const isOff = input.url === '' || isReadOnly();
  return useQuery(`check ${isOff ? '' : JSON.stringify(input)}`, async (signal) => {
    if (isOff) return undefined;
    await pause(CHECK_AFTER_MS, signal);
    const body = { ...input, dry_run: true };
    return (await bodyOf(api.POST('/v1/webhooks', { body, signal }))).url;
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** The id of the new webhook. The secret of the answer is that of the input. */
export async function createWebhook(body: NewWebhook, key: string): Promise<string> {
  const params = { header: { 'Idempotency-Key': key } };
  const created = await bodyOf(api.POST('/v1/webhooks', { params, body }));
  if (!('id' in created)) throw new Error('the answer to a creation has no id');
  return created.id;
}

export interface VerificationState {
  readonly webhook: Webhook;
  /** The newest challenge that has a result. Undefined: the first one is on its way. */
  readonly challenge: Challenge | undefined;
}

export async function readVerification(id: string, signal: AbortSignal): Promise<VerificationState> {
  const path = { webhook_id: id };
  const query = { event_type: VERIFICATION_TYPE, limit: 1 };
  const [webhook, list] = await Promise.all([
    bodyOf(api.GET('/v1/webhooks/{webhook_id}', { params: { path }, signal })),
    bodyOf(api.GET('/v1/webhooks/{webhook_id}/deliveries', { params: { path, query }, signal })),
  ]);
  const [newest] = list.data;
  if (newest === undefined) return { webhook, challenge: undefined };
  const ofDelivery = { path: { ...path, delivery_id: newest.id } };
  const url = '/v1/webhooks/{webhook_id}/deliveries/{delivery_id}';
  return { webhook, challenge: await bodyOf(api.GET(url, { params: ofDelivery, signal })) };
}

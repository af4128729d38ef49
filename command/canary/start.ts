import { CANARY_TYPE } from '../../lambdas/shared/domain/canary.ts';
import type { Webhook } from '../../lambdas/shared/domain/webhook.ts';
import type { Timer } from '../../lambdas/shared/runtime/clock.ts';
import type { Api } from '../../local/api-client.ts';
import { textOf } from '../shared/delivery-text.ts';
import { receiverIn } from './find-webhooks.ts';

const POLL_MS = 500;
/** The first attempt takes at most 30 s, and its batch may wait for as long before it. */
const LIMIT_MS = 60_000;
const PROGRESS_MS = 10_000;

/**
 * Registers the canary's webhook, and waits until it has answered its challenge. Deletes every other webhook of the
 * canary's account: they have another URL, or cannot be verified. Resolves to the webhook's id. `existing` are the
 * webhooks of the account.
 */
export async function startCanary(
  api: Api,
  {
    url,
    existing,
    clock,
    onProgress,
  }: {
    readonly url: string;
    readonly existing: readonly Webhook[];
    readonly clock: Timer;
    readonly onProgress: (line: string) => void;
  },
): Promise<string> {
  const receiver = receiverIn(existing, url);
  for (const { id } of existing.filter((webhook) => webhook !== receiver)) {
    await api.call('DELETE', `/v1/webhooks/${id}`);
  }
  if (receiver !== undefined) return receiver.id;
  const created = await api.call('POST', '/v1/webhooks', {
    url,
    events: [CANARY_TYPE],
    description: "The deployment's own webhook",
  });
  const id = textOf(created.id);
  const startedAt = clock.now();
  let reportAt = startedAt;
  while (clock.now() < startedAt + LIMIT_MS) {
    if (clock.now() >= reportAt) {
      const seconds = Math.floor((clock.now() - startedAt) / 1_000);
      onProgress(`${id} has not answered its challenge after ${seconds} of ${LIMIT_MS / 1_000} s …`);
      reportAt += PROGRESS_MS;
    }
    const { status, verification_error: reason } = await api.call('GET', `/v1/webhooks/${id}`);
    if (status === 'active') return id;
    if (status === 'verification_failed') {
      throw new Error(`the canary's webhook ${id} did not answer its challenge: ${textOf(reason)}`);
    }
    await clock.sleep(POLL_MS);
  }
  throw new Error(
    `the canary's webhook ${id} did not answer its challenge within ${LIMIT_MS / 1_000} s; "doctor" checks the deployment, then run "canary start" again`,
  );
}

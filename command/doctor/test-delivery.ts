import { parseDeliveryStatus } from '../../lambdas/shared/domain/delivery.ts';
import type { Timer } from '../../lambdas/shared/runtime/clock.ts';
import { type Api, isRefusal } from '../../local/api-client.ts';
import { parseEventTypes } from '../../local/catalogue.ts';
import { withApi } from '../shared/api.ts';
import { textOf } from '../shared/delivery-text.ts';
import { type Check, type Finding, notChecked, ok, problem } from './check.ts';

const POLL_MS = 500;
/** The first attempt takes at most 30 s, and its batch may wait for as long before it. */
const LIMIT_MS = 60_000;

export const testDelivery: Check = {
  name: 'test delivery',
  needsAws: false,
  async run({ target, test, io, clock }) {
    if (test === undefined) {
      return notChecked(
        'no test event was sent: give --webhook <id> and --account <id> of a webhook of yours',
      );
    }
    return withApi(target, test.accountId, 'doctor', io, (api) => sendTestEvent(api, test, clock));
  },
};

/** Sends a test event to the webhook and waits until its first attempt is recorded. */
export async function sendTestEvent(
  api: Api,
  { accountId, webhookId }: { readonly accountId: string; readonly webhookId: string },
  clock: Timer,
): Promise<Finding> {
  const [type] = parseEventTypes(await api.call('GET', '/v1/event-types'));
  const path = `/v1/webhooks/${webhookId}`;
  const sent = await api.call('POST', `${path}/test`, { event_type: type?.name });
  const deliveryId = textOf(sent.delivery_id);
  const deadline = clock.now() + LIMIT_MS;
  while (clock.now() < deadline) {
    const delivery = await find(api, `${path}/deliveries/${deliveryId}`);
    const status = parseDeliveryStatus(delivery?.status);
    if (status === 'delivered') return ok(`${deliveryId} was delivered`);
    if (status !== undefined) {
      return problem(
        `${deliveryId} is ${status}`,
        `run "deliveries show ${deliveryId} --webhook ${webhookId} --account ${accountId}"`,
      );
    }
    await clock.sleep(POLL_MS);
  }
  return problem(
    `${deliveryId} was not attempted within ${LIMIT_MS / 1_000} s`,
    'look at the backlog of the first lane and at the errors of the function FirstLane',
  );
}

/** Undefined before the first attempt is recorded. */
async function find(api: Api, path: string): Promise<Record<string, unknown> | undefined> {
  return api.call('GET', path).catch((error: unknown) => {
    if (isRefusal(error, 404)) return undefined;
    throw error;
  });
}

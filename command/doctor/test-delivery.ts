import { parseDeliveryStatus } from '../../lambdas/shared/domain/delivery.ts';
import type { Api } from '../../local/api-client.ts';
import { parseEventTypes } from '../../local/catalogue.ts';
import { withApi } from '../shared/api.ts';
import { textOf } from '../shared/delivery-text.ts';
import { type Check, notChecked, ok, problem } from './check.ts';

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
    const { accountId, webhookId } = test;
    return withApi(target, accountId, 'doctor', io, async (api) => {
      const [type] = parseEventTypes(await api.call('GET', '/v1/event-types'));
      const path = `/v1/webhooks/${webhookId}`;
      const sent = await api.call('POST', `${path}/test`, { event_type: type?.name });
      const deadline = clock.now() + LIMIT_MS;
      while (clock.now() < deadline) {
        const delivery = await find(api, `${path}/deliveries/${textOf(sent.delivery_id)}`);
        const status = parseDeliveryStatus(delivery?.status);
        if (status === 'delivered') return ok(`${textOf(sent.delivery_id)} was delivered`);
        if (status !== undefined) {
          return problem(
            `${textOf(sent.delivery_id)} is ${status}`,
            `run "deliveries show ${textOf(sent.delivery_id)} --webhook ${webhookId} --account ${accountId}"`,
          );
        }
        await clock.sleep(POLL_MS);
      }
      return problem(
        `${textOf(sent.delivery_id)} was not attempted within ${LIMIT_MS / 1_000} s`,
        'look at the backlog of the first lane and at the errors of the function FirstLane',
      );
    });
  },
};

/** Undefined before the first attempt is recorded. */
async function find(api: Api, path: string): Promise<Record<string, unknown> | undefined> {
  return api.call('GET', path).catch((error: unknown) => {
    if (error instanceof Error && error.message.includes('(404)')) return undefined;
    throw error;
  });
}

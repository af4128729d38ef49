import { afterEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../local/calls.ts';
import { NOW, webhookId } from '../support/builders.ts';
import { createWorld, type World } from '../support/world.ts';

const WEBHOOKS = 60;

let world: World | undefined;
afterEach(() => world?.close());

const EVENT = {
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  time: new Date(NOW).toISOString(),
  source: 'ppt',
  'detail-type': 'file.uploaded',
  detail: { account_id: 'acct_1', id: 'evt_1', data: {} },
};

describe('a dispatcher that dies in the middle of a fan-out', () => {
  it.each([1, 3, 6])(
    'after %i batches is completed by the next run, and nothing arrives twice',
    async (sent) => {
      const w = await createWorld();
      world = w;
      for (let n = 0; n < WEBHOOKS; n++) await w.addWebhook({ id: webhookId(`wh_${n}`) });
      let batches = 0;
      const heal = w.intercept(async ({ action }, next) => {
        if (action === 'SendMessageBatch' && ++batches > sent) {
          throw new AwsError({ code: 'Crash', message: 'the environment is gone' });
        }
        return next();
      });
      await w.dispatch(EVENT, NOW + 55_000).catch(() => undefined);
      heal();
      const drain = async (): Promise<void> => {
        while (w.counts('first').visible > 0) await w.run('first');
      };
      await drain();
      expect(w.posts).toHaveLength(10 * sent);

      await w.dispatch(EVENT, NOW + 55_000);
      await drain();

      const deliveries = w.posts.map(({ headers }) => headers['X-Webhook-Delivery']);
      expect(deliveries).toHaveLength(WEBHOOKS);
      expect(new Set(deliveries).size).toBe(WEBHOOKS);
    },
  );
});

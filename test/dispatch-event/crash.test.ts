import { describe, expect, it } from 'vitest';
import { AwsError } from '../../local/aws-calls.ts';
import { webhookId } from '../support/builders.ts';
import { newCloud } from '../support/new-cloud.ts';
import { busEvent } from './builders.ts';

const WEBHOOKS = 60;
/** The events queue's visibility timeout: the message of a killed environment becomes visible again after it. */
const VISIBILITY_MS = 120_000;
/** The calls that the dispatcher makes after the event is stored. */
const AFTER_STORING = ['SendMessageBatch', 'ChangeMessageVisibilityBatch'];
/** The messages of a re-run are enqueued with this delay. */
const RERUN_DELAY_MS = 30_000;

describe('a dispatcher that is killed during a fan-out', () => {
  it.each([0, 1, 3, 6])(
    'after %i SendMessageBatch calls: the next run completes the fan-out, and no delivery is sent twice [FAULT-8]',
    async (sent) => {
      const cloud = await newCloud();
      for (let n = 0; n < WEBHOOKS; n++) await cloud.addWebhook({ id: webhookId(`wh_${n}`) });
      let batches = 0;
      const endOutage = cloud.intercept(async ({ action }, next) => {
        if (AFTER_STORING.includes(action) && batches >= sent) {
          throw new AwsError({ code: 'Crash', message: 'the environment was killed' });
        }
        if (action === 'SendMessageBatch') batches++;
        return next();
      });
      cloud.publish(busEvent());
      await cloud.runDispatcher();
      endOutage();
      const sendAll = async (): Promise<void> => {
        while (cloud.counts('first').visible > 0) await cloud.run('first');
      };
      await sendAll();
      const sentBefore = cloud.posts.length;

      cloud.time.now += VISIBILITY_MS;
      await cloud.runDispatcher();
      cloud.time.now += RERUN_DELAY_MS;
      await sendAll();

      expect(sentBefore).toBe(10 * sent);
      const deliveries = cloud.posts.map(({ headers }) => headers['X-Webhook-Delivery']);
      expect(deliveries).toHaveLength(WEBHOOKS);
      expect(new Set(deliveries).size).toBe(WEBHOOKS);
    },
  );
});

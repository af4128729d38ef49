import { afterEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../local/aws-calls.ts';
import { webhookId } from '../support/builders.ts';
import { createInProcessStack, type InProcessStack } from '../support/in-process-stack.ts';
import { busEvent } from './builders.ts';

const WEBHOOKS = 60;
/** The queue's visibility timeout: nothing else brings back the message of an environment that died. */
const VISIBILITY_MS = 120_000;
/** What the dispatcher calls once the event is stored. */
const AFTER_STORING = ['SendMessageBatch', 'ChangeMessageVisibilityBatch'];
const RERUN_DELAY_MS = 30_000;

let world: InProcessStack | undefined;
afterEach(() => world?.close());

describe('a dispatcher that dies in the middle of a fan-out', () => {
  it.each([0, 1, 3, 6])(
    'after %i batches is completed by the next run, and nothing arrives twice [FAULT-8]',
    async (sent) => {
      const w = await createInProcessStack();
      world = w;
      for (let n = 0; n < WEBHOOKS; n++) await w.addWebhook({ id: webhookId(`wh_${n}`) });
      let batches = 0;
      const heal = w.intercept(async ({ action }, next) => {
        if (AFTER_STORING.includes(action) && batches >= sent) {
          throw new AwsError({ code: 'Crash', message: 'the environment is gone' });
        }
        if (action === 'SendMessageBatch') batches++;
        return next();
      });
      w.publish(busEvent());
      await w.runDispatcher();
      heal();
      const drain = async (): Promise<void> => {
        while (w.counts('first').visible > 0) await w.run('first');
      };
      await drain();
      const arrived = w.posts.length;

      w.time.now += VISIBILITY_MS;
      await w.runDispatcher();
      w.time.now += RERUN_DELAY_MS;
      await drain();

      expect(arrived).toBe(10 * sent);
      const deliveries = w.posts.map(({ headers }) => headers['X-Webhook-Delivery']);
      expect(deliveries).toHaveLength(WEBHOOKS);
      expect(new Set(deliveries).size).toBe(WEBHOOKS);
    },
  );
});

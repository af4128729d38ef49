import { expect, it } from 'vitest';
import { measureTextbook } from '../../bench/yardsticks/textbook/measure.ts';

it('the textbook pipeline delivers every event once, in more calls than this project', async () => {
  const [run] = await measureTextbook([{ fanOut: 2, events: 2, answerMs: 1, warmUpEvents: 1 }]);

  expect(run).toMatchObject({ deliveries: 4, failures: [] });
  expect(run?.callsPerDelivery).toBeGreaterThan(4);
});

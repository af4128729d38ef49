import { describe, expect, it } from 'vitest';
import { NOW } from '../support/builders.ts';
import { eventIds, givenRecovery, runFor, sentEvents } from './builders.ts';

const MINUTE = 60_000;

describe('the steps of a recovery', () => {
  it('enqueue what the rate allows, with delays that keep the rate', async () => {
    const { cloud, held, job } = await givenRecovery(70, { rate: 2 });

    await cloud.runRecovery();

    expect(cloud.counts('slow')).toEqual({ visible: 2, inFlight: 0, delayed: 38 });
    expect(await cloud.recoveries.get(job.accountId, job.id, NOW)).toMatchObject({
      enqueued: 40,
      cursor: held[39]?.deliveryId,
    });
    cloud.time.now += 19_000;
    expect(cloud.counts('slow')).toEqual({ visible: 40, inFlight: 0, delayed: 0 });
    await runFor(cloud, 10 * MINUTE);
    expect(sentEvents(cloud).toSorted()).toEqual(eventIds(held).toSorted());
  });

  it.each([49, 50, 51, 100])(
    'neither skip nor repeat where a page of 50 ends at a budget of %i or next to it',
    async (perStep) => {
      const { cloud, held, job } = await givenRecovery(101, { rate: perStep / 20 });

      await runFor(cloud, 5 * MINUTE);

      expect(sentEvents(cloud).toSorted()).toEqual(eventIds(held).toSorted());
      expect(await cloud.recoveries.get(job.accountId, job.id, cloud.time.now)).toMatchObject({
        state: 'done',
        found: 101,
        enqueued: 101,
        delivered: 101,
      });
    },
  );

  it('end when little time remains, and the next continues', async () => {
    const { cloud, held, job } = await givenRecovery(120);

    await cloud.runRecovery({ timeLeftMs: 10_000 });

    expect(await cloud.recoveries.get(job.accountId, job.id, NOW)).toMatchObject({ enqueued: 50 });
    await runFor(cloud, 5 * MINUTE);
    expect(sentEvents(cloud)).toEqual(eventIds(held));
  });
});

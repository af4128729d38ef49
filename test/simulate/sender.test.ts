import { describe, expect, it } from 'vitest';
import type { Lane } from '../../lambdas/shared/domain/lane.ts';
import type { Delivery } from '../../simulate/delivery.ts';
import { createEndpoints } from '../../simulate/endpoints.ts';
import { DEPLOYED } from '../../simulate/parameters.ts';
import { FRESH_MS, HUNG_AFTER_MS } from '../../simulate/rules.ts';
import { createSender } from '../../simulate/sender.ts';
import { createStatistics } from '../../simulate/statistics.ts';
import { createTimeline } from '../../simulate/timeline.ts';

/** Endpoint 0 hangs from the start. */
const PARAMETERS = {
  ...DEPLOYED,
  ...{ endpoints: 20, hangingShare: 0.05, failingShare: 0, cleanSeconds: 0, coldStartMs: 0 },
};
const HANGING = 0;
const HEALTHY = 1;

function startSender(lane: Lane) {
  const timeline = createTimeline();
  const endpoints = createEndpoints(PARAMETERS);
  const forwarded: Delivery[] = [];
  const retries: { delivery: Delivery; slow: boolean }[] = [];
  const send = createSender({
    ...{ lane, parameters: PARAMETERS, timeline, endpoints },
    statistics: createStatistics(timeline, PARAMETERS, endpoints.isHealthy),
    next: {
      forward: (delivery) => forwarded.push(delivery),
      retry: (delivery, slow) => retries.push({ delivery, slow }),
    },
  });
  return { timeline, endpoints, forwarded, retries, send };
}

const delivery = (endpoint: number, signedAt = 0): Delivery => ({
  ...{ endpoint, signedAt },
  ...{ publishedAt: signedAt, attempt: 1 },
});

describe('a simulated sender', () => {
  it('keeps an environment until the last attempt of its batch has ended', () => {
    const { timeline, send } = startSender('first');
    let endedAtMs: number | undefined;

    send([delivery(HEALTHY), delivery(HANGING)], () => {
      endedAtMs = timeline.now();
    });
    timeline.run(60_000);

    expect(endedAtMs).toBe(PARAMETERS.hangMs + PARAMETERS.invocationMs);
  });

  it('marks an endpoint that has not responded after two seconds', () => {
    const { timeline, endpoints, send } = startSender('first');
    send([delivery(HANGING)], () => undefined);

    timeline.run(HUNG_AFTER_MS);
    const before = endpoints.isMarked(HANGING);
    timeline.run(HUNG_AFTER_MS + 1);

    expect([before, endpoints.isMarked(HANGING)]).toEqual([false, true]);
  });

  it('sends the retry of an attempt that hung to the slow lane', () => {
    const { timeline, retries, send } = startSender('first');

    send([delivery(HANGING)], () => undefined);
    timeline.run(60_000);

    expect(retries).toEqual([{ delivery: { ...delivery(HANGING), attempt: 2 }, slow: true }]);
  });

  it.each([
    { ageMs: FRESH_MS - 1, forwards: 0 },
    { ageMs: FRESH_MS, forwards: 1 },
  ])('forwards a message of $ageMs ms for a marked endpoint: $forwards', ({ ageMs, forwards }) => {
    const { timeline, endpoints, forwarded, send } = startSender('first');
    timeline.run(10_000);
    endpoints.mark(HANGING, timeline.now());

    send([delivery(HANGING, timeline.now() - ageMs)], () => undefined);
    timeline.run(timeline.now() + 1);

    expect(forwarded).toHaveLength(forwards);
  });

  it('forwards no message from the slow lane', () => {
    const { timeline, endpoints, forwarded, send } = startSender('slow');
    endpoints.mark(HANGING, 0);

    send([{ ...delivery(HANGING), attempt: 2 }], () => undefined);
    timeline.run(1);

    expect(forwarded).toEqual([]);
  });

  it('forwards a message to an endpoint that its environment observed to hang, whatever the age of the message', () => {
    const { timeline, forwarded, send } = startSender('first');
    const newDelivery = () => delivery(HANGING, timeline.now());
    send([delivery(HANGING)], () => undefined);
    timeline.run(PARAMETERS.hangMs + PARAMETERS.invocationMs + 1);

    send([newDelivery()], () => undefined);

    expect(forwarded).toHaveLength(1);
  });
});

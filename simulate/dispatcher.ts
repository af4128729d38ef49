import type { Delivery } from './delivery.ts';
import type { Endpoints } from './endpoints.ts';
import type { Parameters } from './parameters.ts';
import type { Statistics } from './statistics.ts';
import type { Timeline } from './timeline.ts';

/** A published event, and the endpoints of the webhooks that subscribe to it. */
export interface PublishedEvent {
  readonly publishedAt: number;
  readonly endpoints: readonly number[];
}

/** dispatch-event: signs one delivery for each webhook. Deliveries to marked webhooks are sent to the slow queue. */
export function createDispatcher(options: {
  readonly parameters: Parameters;
  readonly timeline: Timeline;
  readonly endpoints: Endpoints;
  readonly statistics: Statistics;
  readonly enqueue: (delivery: Delivery, slow: boolean) => void;
}) {
  const { parameters, timeline, endpoints, statistics, enqueue } = options;
  return (batch: readonly PublishedEvent[], done: () => void): void => {
    statistics.occupied('dispatch');
    timeline.at(timeline.now() + parameters.dispatchMs + batch.length * parameters.dispatchEventMs, () => {
      const signedAt = timeline.now();
      const deliveries = batch.flatMap(({ publishedAt, endpoints }) =>
        endpoints.map((endpoint): Delivery => ({ endpoint, publishedAt, signedAt, attempt: 1 })),
      );
      const isSlow = ({ endpoint }: Delivery): boolean => parameters.lanes && endpoints.isMarked(endpoint);
      const slow = deliveries.filter(isSlow);
      statistics.dispatched({
        events: batch.length,
        first: deliveries.length - slow.length,
        slow: slow.length,
      });
      for (const delivery of deliveries) enqueue(delivery, isSlow(delivery));
      statistics.freed('dispatch');
      done();
    });
  };
}

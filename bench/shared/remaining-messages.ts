import type { Cloud } from '../../local/cloud.ts';

/** A message that remains on a queue, also on a dead-letter queue, is an unfinished delivery or event. */
export function remainingMessages({ queues }: Pick<Cloud, 'queues'>): string[] {
  return queues.queues().flatMap(({ name, url }) => {
    const { visible, inFlight, delayed } = queues.counts(url);
    const remaining = visible + inFlight + delayed;
    return remaining === 0 ? [] : [`${remaining} messages remain on ${name}`];
  });
}

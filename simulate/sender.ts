import type { Lane } from '../lambdas/shared/domain/lane.ts';
import type { Delivery } from './delivery.ts';
import type { AttemptResult, Endpoints } from './endpoints.ts';
import { createEnvironmentMemory, type EnvironmentMemory } from './environment-memory.ts';
import type { Parameters } from './parameters.ts';
import type { Statistics } from './statistics.ts';
import type { Timeline } from './timeline.ts';

/** The queues that a sender sends messages to. */
export interface NextQueues {
  /** The next attempt of a failed delivery, with the delay of the retry schedule. */
  retry(delivery: Delivery, slow: boolean): void;
  /** To the slow queue, unchanged. */
  forward(delivery: Delivery): void;
}

export interface SenderOptions {
  readonly lane: Lane;
  readonly parameters: Parameters;
  readonly timeline: Timeline;
  readonly endpoints: Endpoints;
  readonly statistics: Statistics;
  readonly next: NextQueues;
}

/** The function of one lane. An environment processes one batch at a time, until the batch's last attempt has ended. */
export function createSender(options: SenderOptions) {
  const { lane, parameters, timeline, endpoints, statistics, next } = options;
  const { hungAfterMs, lanes } = parameters;
  const maxAttempts = parameters.retryDelaysSeconds.length + 1;
  const idleEnvironments: EnvironmentMemory[] = [];

  const isFresh = ({ attempt, signedAt }: Delivery): boolean =>
    attempt === 1 && timeline.now() - signedAt < parameters.freshMs;

  const isKnownSlow = (environment: EnvironmentMemory, delivery: Delivery): boolean =>
    lanes &&
    (environment.isKnownSlow(delivery.endpoint) ||
      (!isFresh(delivery) && endpoints.isMarked(delivery.endpoint)));

  const enqueueRetry = (
    environment: EnvironmentMemory,
    delivery: Delivery,
    { durationMs }: AttemptResult,
  ): void => {
    if (delivery.attempt >= maxAttempts) return;
    const slow = durationMs >= hungAfterMs || isKnownSlow(environment, delivery);
    next.retry({ ...delivery, attempt: delivery.attempt + 1 }, slow);
  };

  const attempt = (environment: EnvironmentMemory, delivery: Delivery): AttemptResult => {
    const now = timeline.now();
    const result = endpoints.attempt(delivery.endpoint, now);
    statistics.attempted(lane, delivery, result);
    if (result.failed) {
      timeline.at(now + result.durationMs, () => enqueueRetry(environment, delivery, result));
    }
    if (lane === 'slow' && result.durationMs < hungAfterMs) {
      endpoints.respondedOnSlowLane(delivery.endpoint, result, now);
    }
    return result;
  };

  const markHung = (environment: EnvironmentMemory, hanging: ReadonlySet<number>): void => {
    if (environment.assumesOurFault(hanging)) return;
    for (const endpoint of hanging) {
      environment.rememberSlow(endpoint);
      endpoints.mark(endpoint, timeline.now());
    }
  };

  const run = (environment: EnvironmentMemory, batch: readonly Delivery[], done: () => void): void => {
    const now = timeline.now();
    const forwarded = new Set(
      lane === 'slow' ? [] : batch.filter((delivery) => isKnownSlow(environment, delivery)),
    );
    for (const delivery of forwarded) next.forward(delivery);
    const attempts = batch
      .filter((delivery) => !forwarded.has(delivery))
      .map((delivery) => ({ endpoint: delivery.endpoint, result: attempt(environment, delivery) }));
    statistics.sent(lane, {
      size: batch.length,
      forwarded: forwarded.size,
      reads: batch.filter((delivery) => !isFresh(delivery)).length,
      attempts: attempts.map(({ result }) => result),
    });

    const { hung = [], quick = [] } = Object.groupBy(attempts, ({ result }) =>
      result.durationMs >= hungAfterMs ? 'hung' : 'quick',
    );
    const rememberResponses = (): void => {
      for (const { endpoint } of quick) environment.rememberResponse(endpoint);
    };
    if (hung.length > 0) {
      const hanging = new Set(hung.map(({ endpoint }) => endpoint));
      timeline.at(now + hungAfterMs, () => {
        rememberResponses();
        if (lanes) markHung(environment, hanging);
      });
    }
    const longestMs = Math.max(0, ...attempts.map(({ result }) => result.durationMs));
    timeline.at(now + longestMs + parameters.invocationMs, () => {
      if (hung.length === 0) rememberResponses();
      idleEnvironments.push(environment);
      statistics.freed(lane);
      done();
    });
  };

  return (batch: readonly Delivery[], done: () => void): void => {
    const warm = idleEnvironments.pop();
    statistics.occupied(lane);
    if (warm !== undefined) {
      run(warm, batch, done);
      return;
    }
    timeline.at(timeline.now() + parameters.coldStartMs, () =>
      run(createEnvironmentMemory(timeline), batch, done),
    );
  };
}

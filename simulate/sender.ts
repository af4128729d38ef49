import { HOLDS_FOR_MS, LOOK_EVERY_MS, MANY_WAITING } from '../lambdas/send-delivery/run-batch.ts';
import { HUNG_AFTER_MS } from '../lambdas/send-delivery/slow-endpoints.ts';
import type { Attempted, Endpoints } from './endpoints.ts';
import { createEnvironment, type Environment } from './environment.ts';
import type { LaneName, Parameters } from './parameters.ts';
import type { Statistics } from './statistics.ts';
import type { Timeline } from './timeline.ts';

/** One event on its way to one endpoint. */
export interface Delivery {
  readonly endpoint: number;
  readonly publishedAt: number;
  readonly attempt: number;
}

/** Where a sender puts what it does not finish. */
export interface NextQueues {
  /** A failed delivery's next attempt, after its delay. */
  retry(delivery: Delivery, slow: boolean): void;
  forward(delivery: Delivery): void;
}

export interface SenderOptions {
  readonly lane: LaneName;
  readonly parameters: Parameters;
  readonly timeline: Timeline;
  readonly endpoints: Endpoints;
  readonly statistics: Statistics;
  readonly next: NextQueues;
}

/** One lane's function. An environment holds one batch at a time, until its slowest message is done or it is needed. */
export function createSender(options: SenderOptions) {
  const { lane, parameters, timeline, endpoints, statistics, next } = options;
  const maxAttempts = parameters.retryDelaysSeconds.length + 1;
  const idle: Environment[] = [];

  const isFresh = ({ attempt, publishedAt }: Delivery): boolean =>
    attempt === 1 && timeline.now() - publishedAt < parameters.freshSeconds * 1000;

  const isKnownSlow = (environment: Environment, delivery: Delivery): boolean =>
    parameters.lanes &&
    (environment.knows(delivery.endpoint, timeline.now()) ||
      (!isFresh(delivery) && endpoints.isMarked(delivery.endpoint)));

  const followUp = (environment: Environment, delivery: Delivery, { durationMs }: Attempted): void => {
    if (delivery.attempt >= maxAttempts) return;
    const slow = durationMs >= HUNG_AFTER_MS || isKnownSlow(environment, delivery);
    next.retry({ ...delivery, attempt: delivery.attempt + 1 }, slow);
  };

  const attempt = (environment: Environment, delivery: Delivery): Attempted => {
    const now = timeline.now();
    const attempted = endpoints.attempt(delivery.endpoint, now);
    statistics.attempted(lane, delivery, attempted);
    if (attempted.failed) {
      timeline.at(now + attempted.durationMs, () => followUp(environment, delivery, attempted));
    }
    if (attempted.durationMs < HUNG_AFTER_MS) {
      environment.answered(delivery.endpoint, now + attempted.durationMs);
      if (lane === 'slow') endpoints.answeredOnSlowLane(delivery.endpoint, attempted, now);
    }
    return attempted;
  };

  const noticeHung = (environment: Environment, hung: readonly Delivery[]): void => {
    const now = timeline.now();
    const numbers = new Set(hung.map(({ endpoint }) => endpoint));
    if (environment.suspectsItself(numbers, now)) return;
    for (const endpoint of numbers) {
      environment.remember(endpoint, now);
      endpoints.mark(endpoint, now);
    }
  };

  /** Waits for a batch's attempts, or leaves them open where the environment is needed: see run-batch.ts. */
  const waitFor = (
    environment: Environment,
    longestMs: number,
    waiting: () => number,
    end: () => void,
  ): void => {
    const now = timeline.now();
    const ownEnd = now + longestMs + parameters.invocationMs;
    if (lane === 'slow' || !parameters.lanes) {
      timeline.at(ownEnd, end);
      return;
    }
    environment.openUntil = Math.max(environment.openUntil, ownEnd);
    const look = (): void => {
      const isDone = environment.openUntil <= timeline.now();
      if (isDone || waiting() >= MANY_WAITING) end();
      else timeline.at(Math.min(environment.openUntil, timeline.now() + LOOK_EVERY_MS), look);
    };
    timeline.at(Math.min(ownEnd, now + HOLDS_FOR_MS), look);
  };

  const run = (
    environment: Environment,
    batch: readonly Delivery[],
    waiting: () => number,
    done: () => void,
  ): void => {
    const now = timeline.now();
    const forwarded = batch.filter((delivery) => lane !== 'slow' && isKnownSlow(environment, delivery));
    const sent = batch.filter((delivery) => !forwarded.includes(delivery));
    for (const delivery of forwarded) next.forward(delivery);
    const attempts = sent.map((delivery) => ({
      delivery,
      attempted: attempt(environment, delivery),
      read: !isFresh(delivery),
    }));
    statistics.invoked(lane, { size: batch.length, forwarded: forwarded.length, attempts });

    const hung = attempts.filter(({ attempted }) => attempted.durationMs >= HUNG_AFTER_MS);
    if (parameters.lanes && hung.length > 0) {
      const deliveries = hung.map(({ delivery }) => delivery);
      timeline.at(now + HUNG_AFTER_MS, () => noticeHung(environment, deliveries));
    }
    const longestMs = Math.max(0, ...attempts.map(({ attempted }) => attempted.durationMs));
    waitFor(environment, longestMs, waiting, () => {
      idle.push(environment);
      statistics.freed(lane);
      done();
    });
  };

  return (batch: readonly Delivery[], waiting: () => number, done: () => void): void => {
    const warm = idle.pop();
    statistics.occupied(lane);
    if (warm !== undefined) run(warm, batch, waiting, done);
    else {
      timeline.at(timeline.now() + parameters.coldStartMs, () =>
        run(createEnvironment(), batch, waiting, done),
      );
    }
  };
}

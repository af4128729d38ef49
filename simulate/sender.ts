import type { Attempted, Endpoints } from './endpoints.ts';
import { createEnvironment, type Environment } from './environment.ts';
import type { LaneName, Parameters } from './parameters.ts';
import type { Statistics } from './statistics.ts';
import type { Timeline } from './timeline.ts';

/** One event on its way to one endpoint. */
export interface Delivery {
  readonly endpoint: number;
  readonly publishedAt: number;
  readonly signedAt: number;
  readonly attempt: number;
}

/** The queues that a sender puts messages on. */
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

/** One lane's function. An environment holds one batch at a time, until the last attempt of it has ended. */
export function createSender(options: SenderOptions) {
  const { lane, parameters, timeline, endpoints, statistics, next } = options;
  const { hungAfterMs, lanes } = parameters;
  const maxAttempts = parameters.retryDelaysSeconds.length + 1;
  const idle: Environment[] = [];

  const isFresh = ({ attempt, signedAt }: Delivery): boolean =>
    attempt === 1 && timeline.now() - signedAt < parameters.freshMs;

  const isKnownSlow = (environment: Environment, delivery: Delivery): boolean =>
    lanes &&
    (environment.isKnownSlow(delivery.endpoint, timeline.now()) ||
      (!isFresh(delivery) && endpoints.isMarked(delivery.endpoint)));

  const followUp = (environment: Environment, delivery: Delivery, { durationMs }: Attempted): void => {
    if (delivery.attempt >= maxAttempts) return;
    const slow = durationMs >= hungAfterMs || isKnownSlow(environment, delivery);
    next.retry({ ...delivery, attempt: delivery.attempt + 1 }, slow);
  };

  const attempt = (environment: Environment, delivery: Delivery): Attempted => {
    const now = timeline.now();
    const attempted = endpoints.attempt(delivery.endpoint, now);
    statistics.attempted(lane, delivery, attempted);
    if (attempted.failed) {
      timeline.at(now + attempted.durationMs, () => followUp(environment, delivery, attempted));
    }
    if (attempted.durationMs < hungAfterMs) {
      environment.answered(delivery.endpoint, now + attempted.durationMs);
      if (lane === 'slow') endpoints.answeredOnSlowLane(delivery.endpoint, attempted, now);
    }
    return attempted;
  };

  const noticeHung = (environment: Environment, hanging: ReadonlySet<number>): void => {
    const now = timeline.now();
    if (environment.suspectsOurSide(hanging, now)) return;
    for (const endpoint of hanging) {
      environment.rememberSlow(endpoint, now);
      endpoints.mark(endpoint, now);
    }
  };

  const run = (environment: Environment, batch: readonly Delivery[], done: () => void): void => {
    const now = timeline.now();
    const forwarded = new Set(
      lane === 'slow' ? [] : batch.filter((delivery) => isKnownSlow(environment, delivery)),
    );
    for (const delivery of forwarded) next.forward(delivery);
    const sent = batch.filter((delivery) => !forwarded.has(delivery));
    const attempts = sent.map((delivery) => ({
      endpoint: delivery.endpoint,
      attempted: attempt(environment, delivery),
    }));
    statistics.sent(lane, {
      size: batch.length,
      forwarded: forwarded.size,
      reads: batch.filter((delivery) => !isFresh(delivery)).length,
      attempts: attempts.map(({ attempted }) => attempted),
    });

    const hung = attempts.filter(({ attempted }) => attempted.durationMs >= hungAfterMs);
    if (lanes && hung.length > 0) {
      const hanging = new Set(hung.map(({ endpoint }) => endpoint));
      timeline.at(now + hungAfterMs, () => noticeHung(environment, hanging));
    }
    const longestMs = Math.max(0, ...attempts.map(({ attempted }) => attempted.durationMs));
    timeline.at(now + longestMs + parameters.invocationMs, () => {
      idle.push(environment);
      statistics.freed(lane);
      done();
    });
  };

  return (batch: readonly Delivery[], done: () => void): void => {
    const warm = idle.pop();
    statistics.occupied(lane);
    if (warm !== undefined) run(warm, batch, done);
    else timeline.at(timeline.now() + parameters.coldStartMs, () => run(createEnvironment(), batch, done));
  };
}

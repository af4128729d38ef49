import type { Lane } from '../lambdas/shared/domain/lane.ts';
import { eachFunction, type FunctionName } from '../measurement/function-names.ts';
import type { Delivery } from './delivery.ts';
import type { AttemptResult } from './endpoints.ts';
import type { Parameters } from './parameters.ts';
import type { Timeline } from './timeline.ts';

/** SQS quota: messages that one call receives, deletes or sends. */
const MAX_MESSAGES_PER_CALL = 10;

/** What one function did in the measured time. */
export interface FunctionCounts {
  /** Environments in use on average. */
  meanConcurrency: number;
  /** The most environments in use at once from the onset to the start of the measured time. */
  onsetPeak: number;
  invocations: number;
  messages: number;
  attempts: number;
  /** Messages for which the sender reads the webhook and the delivery's record. */
  reads: number;
  /** SQS calls: receives, deletes, and sends of follow-ups. */
  sqsCalls: number;
}

export interface Statistics {
  /** An environment begins to process a batch. */
  occupied(name: FunctionName): void;
  /** An environment has processed its batch. */
  freed(name: FunctionName): void;
  dispatched(run: DispatchRun): void;
  sent(lane: Lane, run: SendRun): void;
  attempted(lane: Lane, delivery: Delivery, result: AttemptResult): void;
  of(name: FunctionName): Readonly<FunctionCounts>;
  /** Milliseconds from publishing to the first attempt at a healthy endpoint, by the second of publishing. */
  healthyLatencies(): readonly number[][];
  /** Seconds from the onset to the first lane's last attempt that hung. */
  lastHungSeconds(): number | undefined;
}

export interface DispatchRun {
  readonly events: number;
  /** Deliveries that were sent to the first queue and to the slow queue. */
  readonly first: number;
  readonly slow: number;
}

export interface SendRun {
  readonly size: number;
  readonly forwarded: number;
  readonly reads: number;
  readonly attempts: readonly AttemptResult[];
}

/** Counts only the measured time, except where a field states another time. */
export function createStatistics(
  timeline: Timeline,
  parameters: Parameters,
  isHealthy: (endpoint: number) => boolean,
): Statistics {
  const onsetMs = parameters.cleanSeconds * 1000;
  const beginMs = onsetMs + parameters.settleSeconds * 1000;
  const endMs = beginMs + parameters.measuredSeconds * 1000;
  const latencies: number[][] = Array.from({ length: Math.ceil(endMs / 1000) }, () => []);
  const functions = eachFunction(createCounts);
  let lastHungMs: number | undefined;

  const isMeasured = (): boolean => timeline.now() >= beginMs && timeline.now() < endMs;

  const changeBusy = (name: FunctionName, change: number): void => {
    const counts = functions[name];
    const now = timeline.now();
    counts.busyMs += counts.busy * Math.max(0, Math.min(now, endMs) - Math.max(counts.since, beginMs));
    counts.busy += change;
    counts.since = now;
    if (now >= onsetMs && now < beginMs) counts.onsetPeak = Math.max(counts.onsetPeak, counts.busy);
  };

  /** Attempts of one batch that hung end at the same time: their follow-ups share calls. Other failures do not. */
  const followUpCalls = (attempts: readonly AttemptResult[]): number => {
    const failed = attempts.filter((result) => result.failed);
    const hung = failed.filter(({ durationMs }) => durationMs >= parameters.hungAfterMs);
    return failed.length - hung.length + callsFor(hung.length);
  };

  const invoked = (name: FunctionName, messages: number, sends: number): void => {
    functions[name].invocations += 1;
    functions[name].messages += messages;
    functions[name].sqsCalls += 2 * callsFor(messages) + sends;
  };

  return {
    occupied: (name) => changeBusy(name, 1),
    freed: (name) => changeBusy(name, -1),
    dispatched({ events, first, slow }) {
      if (isMeasured()) invoked('dispatch', events, callsFor(first) + callsFor(slow));
    },
    sent(lane, { size, forwarded, reads, attempts }) {
      if (!isMeasured()) return;
      invoked(lane, size, callsFor(forwarded) + followUpCalls(attempts));
      functions[lane].attempts += attempts.length;
      functions[lane].reads += reads;
    },
    attempted(lane, delivery, { durationMs }) {
      const now = timeline.now();
      if (lane === 'first' && durationMs >= parameters.hungAfterMs && now >= onsetMs) lastHungMs = now;
      if (delivery.attempt !== 1 || !isHealthy(delivery.endpoint)) return;
      latencies[Math.floor(delivery.publishedAt / 1000)]?.push(now - delivery.publishedAt);
    },
    of(name) {
      changeBusy(name, 0);
      const { busyMs, ...counts } = functions[name];
      return { ...counts, meanConcurrency: busyMs / (endMs - beginMs) };
    },
    healthyLatencies: () => latencies,
    lastHungSeconds: () => (lastHungMs === undefined ? undefined : (lastHungMs - onsetMs) / 1000),
  };
}

function callsFor(messages: number): number {
  return Math.ceil(messages / MAX_MESSAGES_PER_CALL);
}

function createCounts() {
  return {
    ...{ busy: 0, since: 0, busyMs: 0 },
    ...{ meanConcurrency: 0, onsetPeak: 0 },
    ...{ invocations: 0, messages: 0, attempts: 0, reads: 0, sqsCalls: 0 },
  };
}

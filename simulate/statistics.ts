import type { Attempted } from './endpoints.ts';
import type { FunctionName, LaneName, Parameters } from './parameters.ts';
import type { Delivery } from './sender.ts';
import type { Timeline } from './timeline.ts';

/** SQS: messages that one call receives, deletes or sends at most. */
const MESSAGES_A_CALL = 10;

/** What one function did in the measured time. */
export interface FunctionCounts {
  /** Environments in use on average. */
  meanConcurrency: number;
  /** The most environments in use from the onset to the begin of the measured time. */
  onsetPeak: number;
  invocations: number;
  messages: number;
  attempts: number;
  /** Messages for which the sender reads the webhook and the record. */
  reads: number;
  /** SQS calls: to receive, to delete, and to send what follows. */
  sqsCalls: number;
}

export interface Statistics {
  occupied(name: FunctionName): void;
  freed(name: FunctionName): void;
  dispatched(run: DispatchRun): void;
  sent(lane: LaneName, run: SendRun): void;
  attempted(lane: LaneName, delivery: Delivery, attempted: Attempted): void;
  of(name: FunctionName): Readonly<FunctionCounts>;
  /** First attempts at healthy endpoints, from publishing to the POST, by the second of publishing. */
  healthyLatencies(): readonly number[][];
  /** When the first lane last tried an endpoint that hung, in seconds after the onset. */
  lastHungSeconds(): number | undefined;
}

export interface DispatchRun {
  readonly events: number;
  /** Deliveries that were put on the first queue and on the slow one. */
  readonly first: number;
  readonly slow: number;
}

export interface SendRun {
  readonly size: number;
  readonly forwarded: number;
  readonly reads: number;
  readonly attempts: readonly Attempted[];
}

/** Counts only what happens in the measured time, except where it says otherwise. */
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

  /** What hung in one batch ends at the same time and shares its calls; a quick error does not. */
  const followUpCalls = (attempts: readonly Attempted[]): number => {
    const failed = attempts.filter((attempted) => attempted.failed);
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
  return Math.ceil(messages / MESSAGES_A_CALL);
}

function createCounts() {
  return {
    ...{ busy: 0, since: 0, busyMs: 0 },
    ...{ meanConcurrency: 0, onsetPeak: 0 },
    ...{ invocations: 0, messages: 0, attempts: 0, reads: 0, sqsCalls: 0 },
  };
}

export function eachFunction<Value>(of: (name: FunctionName) => Value): Record<FunctionName, Value> {
  return { dispatch: of('dispatch'), first: of('first'), retry: of('retry'), slow: of('slow') };
}

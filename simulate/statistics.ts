import { HUNG_AFTER_MS } from '../lambdas/send-delivery/slow-endpoints.ts';
import type { Attempted } from './endpoints.ts';
import { LANE_NAMES, type LaneName, type Parameters } from './parameters.ts';
import type { Delivery } from './sender.ts';
import type { Timeline } from './timeline.ts';

/** SQS: messages that one call receives, deletes or sends at most. */
const MESSAGES_A_CALL = 10;

export interface LaneCounts {
  /** Environments in use: on average over the measured time, and the most from the onset to its begin. */
  meanConcurrency: number;
  onsetPeak: number;
  invocations: number;
  messages: number;
  attempts: number;
  /** Attempts that the sender reads the webhook and the record for. */
  reads: number;
  /** SQS calls, to receive, to delete, and to send what follows. */
  sqsCalls: number;
}

export interface Statistics {
  occupied(lane: LaneName): void;
  freed(lane: LaneName): void;
  invoked(lane: LaneName, run: Invoked): void;
  attempted(lane: LaneName, delivery: Delivery, attempted: Attempted): void;
  lane(lane: LaneName): Readonly<LaneCounts>;
  /** First attempts at healthy endpoints, from publishing to the POST, by the second of publishing. */
  healthyLatencies(): readonly number[][];
  /** When the first lane last tried an endpoint that hung, in seconds after the onset. */
  lastHungSeconds(): number | undefined;
}

export interface Invoked {
  readonly size: number;
  readonly forwarded: number;
  readonly attempts: readonly { readonly attempted: Attempted; readonly read: boolean }[];
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
  const lanes = {
    first: createLaneCounts(),
    retry: createLaneCounts(),
    slow: createLaneCounts(),
  } satisfies Record<LaneName, unknown>;
  let lastHungMs: number | undefined;

  const isMeasured = (): boolean => timeline.now() >= beginMs && timeline.now() < endMs;

  const changeBusy = (lane: LaneName, change: number): void => {
    const counts = lanes[lane];
    const now = timeline.now();
    counts.busyMs += counts.busy * Math.max(0, Math.min(now, endMs) - Math.max(counts.since, beginMs));
    counts.busy += change;
    counts.since = now;
    if (now >= onsetMs && now < beginMs) counts.onsetPeak = Math.max(counts.onsetPeak, counts.busy);
  };

  return {
    occupied: (lane) => changeBusy(lane, 1),
    freed: (lane) => changeBusy(lane, -1),
    invoked(lane, { size, forwarded, attempts }) {
      if (!isMeasured()) return;
      const counts = lanes[lane];
      counts.invocations += 1;
      counts.messages += size;
      counts.attempts += attempts.length;
      counts.reads += attempts.filter(({ read }) => read).length;
      counts.sqsCalls += 2 * callsFor(size) + callsFor(forwarded) + followUpCalls(attempts);
    },
    attempted(lane, delivery, { durationMs }) {
      const now = timeline.now();
      if (lane === 'first' && durationMs >= HUNG_AFTER_MS && now >= onsetMs) lastHungMs = now;
      if (delivery.attempt !== 1 || !isHealthy(delivery.endpoint)) return;
      latencies[Math.floor(delivery.publishedAt / 1000)]?.push(now - delivery.publishedAt);
    },
    lane(lane) {
      changeBusy(lane, 0);
      const { busyMs, ...counts } = lanes[lane];
      return { ...counts, meanConcurrency: busyMs / (endMs - beginMs) };
    },
    healthyLatencies: () => latencies,
    lastHungSeconds: () => (lastHungMs === undefined ? undefined : (lastHungMs - onsetMs) / 1000),
  };
}

/** What hung in one batch ends at once and shares its calls; a quick error is alone. */
function followUpCalls(attempts: Invoked['attempts']): number {
  const failed = attempts.filter(({ attempted }) => attempted.failed);
  const hung = failed.filter(({ attempted }) => attempted.durationMs >= HUNG_AFTER_MS);
  return failed.length - hung.length + callsFor(hung.length);
}

function callsFor(messages: number): number {
  return Math.ceil(messages / MESSAGES_A_CALL);
}

function createLaneCounts() {
  return {
    ...{ busy: 0, since: 0, busyMs: 0 },
    ...{ meanConcurrency: 0, onsetPeak: 0 },
    ...{ invocations: 0, messages: 0, attempts: 0, reads: 0, sqsCalls: 0 },
  };
}

export function everyLane<Value>(measure: (lane: LaneName) => Value): Record<LaneName, Value> {
  const [first, retry, slow] = LANE_NAMES;
  return { first: measure(first), retry: measure(retry), slow: measure(slow) };
}

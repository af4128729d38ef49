import { createRandom, drawResponseMs } from '../measurement/random.ts';
import type { Parameters } from './parameters.ts';
import { MARK_MIN_AGE_MS, QUICK_RESPONSE_MS } from './rules.ts';

export interface AttemptResult {
  readonly durationMs: number;
  readonly failed: boolean;
}

/** The customers' endpoints, by number, with the slow mark that the webhooks table stores for each. */
export interface Endpoints {
  /** Whether the endpoint never hangs. */
  isHealthy(endpoint: number): boolean;
  attempt(endpoint: number, nowMs: number): AttemptResult;
  isMarked(endpoint: number): boolean;
  mark(endpoint: number, nowMs: number): void;
  /** After a response on the slow lane: a quick response removes an old mark. */
  respondedOnSlowLane(endpoint: number, result: AttemptResult, nowMs: number): void;
}

export function createEndpoints(parameters: Parameters): Endpoints {
  const { answerMedianMs, answerP99Ms, failingShare, hangMs } = parameters;
  // A seed that no publisher of this or another run uses.
  const random = createRandom(parameters.seed + 1_000_000);
  const hanging = Math.round(parameters.endpoints * parameters.hangingShare);
  const onsetMs = parameters.cleanSeconds * 1000;
  const markedAt = new Map<number, number>();
  return {
    isHealthy: (endpoint) => endpoint >= hanging,
    attempt(endpoint, nowMs) {
      if (endpoint < hanging && nowMs >= onsetMs) return { durationMs: hangMs, failed: true };
      const durationMs = Math.min(drawResponseMs(random, answerMedianMs, answerP99Ms), hangMs);
      return { durationMs, failed: durationMs === hangMs || random() < failingShare };
    },
    isMarked: (endpoint) => markedAt.has(endpoint),
    mark(endpoint, nowMs) {
      if (!markedAt.has(endpoint)) markedAt.set(endpoint, nowMs);
    },
    respondedOnSlowLane(endpoint, { durationMs }, nowMs) {
      const since = markedAt.get(endpoint) ?? nowMs;
      if (durationMs <= QUICK_RESPONSE_MS && nowMs - since > MARK_MIN_AGE_MS) markedAt.delete(endpoint);
    },
  };
}

import { createRandom, drawAnswerMs } from '../figures/random.ts';
import type { Parameters } from './parameters.ts';
import { MARK_MIN_AGE_MS, QUICK_RESPONSE_MS } from './rules.ts';

export interface Attempted {
  readonly durationMs: number;
  readonly failed: boolean;
}

/** The customers' endpoints, by number, with the slow mark that the webhooks table holds of each. */
export interface Endpoints {
  /** Whether it never hangs. */
  isHealthy(endpoint: number): boolean;
  attempt(endpoint: number, nowMs: number): Attempted;
  isMarked(endpoint: number): boolean;
  mark(endpoint: number, nowMs: number): void;
  /** After an answer on the slow lane: a quick one removes an old mark. */
  answeredOnSlowLane(endpoint: number, attempted: Attempted, nowMs: number): void;
}

export function createEndpoints(parameters: Parameters): Endpoints {
  const { answerMedianMs, answerP99Ms, failingShare, hangMs } = parameters;
  const random = createRandom(parameters.seed + 1);
  const hanging = Math.round(parameters.endpoints * parameters.hangingShare);
  const onsetMs = parameters.cleanSeconds * 1000;
  const markedAt = new Map<number, number>();
  return {
    isHealthy: (endpoint) => endpoint >= hanging,
    attempt(endpoint, nowMs) {
      if (endpoint < hanging && nowMs >= onsetMs) return { durationMs: hangMs, failed: true };
      const durationMs = Math.min(drawAnswerMs(random, answerMedianMs, answerP99Ms), hangMs);
      return { durationMs, failed: durationMs === hangMs || random() < failingShare };
    },
    isMarked: (endpoint) => markedAt.has(endpoint),
    mark(endpoint, nowMs) {
      if (!markedAt.has(endpoint)) markedAt.set(endpoint, nowMs);
    },
    answeredOnSlowLane(endpoint, { durationMs }, nowMs) {
      const since = markedAt.get(endpoint) ?? nowMs;
      if (durationMs <= QUICK_RESPONSE_MS && nowMs - since > MARK_MIN_AGE_MS) markedAt.delete(endpoint);
    },
  };
}

import type { Clock } from '../shared/runtime/clock.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import type { SuccessStatus } from './make-attempt.ts';
import type { OpenAttempts } from './open-attempts.ts';
import type { SendPorts } from './ports.ts';
import type { RunBatch } from './run-batch.ts';
import type { SlowEndpoints } from './slow-endpoints.ts';

export const LANES = ['first', 'retry', 'slow'] as const;
export type Lane = (typeof LANES)[number];

export interface SendSettings {
  readonly lane: Lane;
  readonly retryDelaysSeconds: readonly number[];
  readonly success: SuccessStatus;
}

/** What one execution environment of a lane keeps between its batches. */
export interface SendDeps extends SendSettings {
  readonly ports: SendPorts;
  readonly slowEndpoints: SlowEndpoints;
  readonly openAttempts: OpenAttempts;
  readonly runBatch: RunBatch;
  readonly clock: Clock;
  /** Unique for each attempt. */
  readonly newToken: () => string;
  readonly counters: Counters;
  readonly log: Log;
}

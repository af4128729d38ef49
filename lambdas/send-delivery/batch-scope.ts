import type { FollowUps } from './follow-up.ts';
import type { Health } from './health.ts';
import type { Recorder } from './record.ts';

/** The objects that all deliveries of one batch share. */
export interface BatchScope {
  readonly recorder: Recorder;
  readonly followUps: FollowUps;
  readonly health: Health;
  /** Milliseconds since 1970 at which the function must be done. */
  readonly deadlineAt: number;
}

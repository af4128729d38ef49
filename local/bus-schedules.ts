import { type Clock, sleep } from '../lambdas/shared/runtime/clock.ts';
import type { BusScheduleSettings } from './assembly/stack.ts';
import type { AwsCalls } from './aws-calls.ts';
import { runPeriodically } from './run-periodically.ts';

/** The wait between attempts. AWS's waits are longer, and not documented. */
const RETRY_WAIT_MS = 1_000;

export interface BusSchedulesDependencies {
  readonly schedules: readonly BusScheduleSettings[];
  readonly calls: Pick<AwsCalls, 'call'>;
  readonly clock: Clock;
  /** Called with each event that could not be published. */
  readonly onProblem: (problem: string) => void;
}

export interface BusSchedules {
  /** Publishes the event of each schedule once, without waiting for its time. Resolves when they are published. */
  publishNow(): Promise<void>;
  stop(): void;
}

/** Publishes the events of the schedules with the permissions of their roles, the first time after one period. */
export function startBusSchedules({
  schedules,
  calls,
  clock,
  onProblem,
}: BusSchedulesDependencies): BusSchedules {
  const stopping = new AbortController();
  const { signal } = stopping;

  const publish = async (schedule: BusScheduleSettings): Promise<void> => {
    for (let retries = 0; !signal.aborted; retries++) {
      try {
        await putEvent(schedule);
        return;
      } catch (error) {
        if (retries < schedule.maximumRetryAttempts) {
          await sleep(RETRY_WAIT_MS, signal);
          continue;
        }
        onProblem(`schedule ${schedule.name} could not publish its event: ${String(error)}`);
        return;
      }
    }
  };

  const putEvent = async ({
    arn,
    busArn,
    source,
    detailType,
    detail,
  }: BusScheduleSettings): Promise<void> => {
    const entry = { EventBusName: busArn, Source: source, DetailType: detailType, Detail: detail };
    const { FailedEntryCount, Entries } = await calls.call({
      principal: arn,
      service: 'events',
      action: 'PutEvents',
      input: { Entries: [entry] },
    });
    if (FailedEntryCount !== 0) throw new Error(JSON.stringify(Entries));
  };

  for (const schedule of schedules) {
    void runPeriodically(schedule.everyMs, { clock, signal }, () => void publish(schedule));
  }
  return {
    publishNow: async () => {
      await Promise.all(schedules.map(publish));
    },
    stop: () => stopping.abort(),
  };
}

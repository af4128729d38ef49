import { randomUUID } from 'node:crypto';
import type { Clock } from '../lambdas/shared/runtime/clock.ts';
import type { ScheduleSettings, Stack } from './assembly/stack.ts';
import { EVENTBRIDGE } from './aws-calls.ts';
import type { EventsMetrics } from './cloudwatch/services/events.ts';
import type { Lambda } from './lambda/service.ts';
import { runPeriodically } from './run-periodically.ts';

export interface SchedulesDependencies {
  readonly stack: Pick<Stack, 'schedules'>;
  readonly lambda: Pick<Lambda, 'mayInvoke' | 'invoke'>;
  /** Sends a text to a queue as a rule does. Resolves to the reason if it failed. */
  readonly sendToQueue: (
    schedule: ScheduleSettings,
    queueArn: string,
    text: string,
  ) => Promise<string | undefined>;
  readonly events: Pick<EventsMetrics, 'matched' | 'invoked'>;
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  readonly onProblem: (problem: string) => void;
}

/** Runs the rules that begin by the clock, the first time after one period. The result stops them. */
export function startSchedules(deps: SchedulesDependencies): () => void {
  const stopping = new AbortController();

  const run = (schedule: ScheduleSettings): void => {
    deps.events.matched(schedule);
    for (const target of schedule.targets) void invoke(schedule, target);
  };

  const invoke = async (schedule: ScheduleSettings, { arn, input }: ScheduleSettings['targets'][number]) => {
    const text = input ?? JSON.stringify(scheduledEvent(schedule, deps));
    const failure = arn.includes(':lambda:')
      ? invokeFunction(schedule, arn, text)
      : await deps.sendToQueue(schedule, arn, text);
    deps.events.invoked(schedule, failure === undefined ? 'sent' : 'lost');
    if (failure !== undefined) deps.onProblem(`rule ${schedule.name} could not invoke ${arn}: ${failure}`);
  };

  /** The bus does not wait for the function. */
  const invokeFunction = (schedule: ScheduleSettings, arn: string, text: string): string | undefined => {
    if (!deps.lambda.mayInvoke(arn, EVENTBRIDGE, schedule.arn)) {
      return 'the permissions of the function do not allow the rule to invoke it';
    }
    deps.lambda.invoke(arn, JSON.parse(text)).catch((error: unknown) => {
      if (!stopping.signal.aborted) deps.onProblem(`rule ${schedule.name}: ${String(error)}`);
    });
    return undefined;
  };

  const { clock } = deps;
  const { signal } = stopping;
  for (const schedule of deps.stack.schedules) {
    void runPeriodically(schedule.everyMs, { clock, signal }, () => run(schedule));
  }
  return () => stopping.abort();
}

function scheduledEvent({ arn }: ScheduleSettings, deps: SchedulesDependencies): Record<string, unknown> {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: deps.accountId,
    time: new Date(deps.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: deps.region,
    resources: [arn],
    detail: {},
  };
}

import type { Via } from '../bill/usage.ts';
/** A kind of traffic. */
export interface Scenario {
  readonly name: string;
  readonly fanOut: FanOut;
  readonly traffic: Traffic;
}

export type FanOut = (typeof FAN_OUTS)[number];
export const FAN_OUTS = [1, 10, 100] as const;

export type Traffic =
  /** `events` at a time, and the next when these are delivered. Functions receive full batches only. */
  | {
      readonly kind: 'rounds';
      readonly rounds: number;
      readonly events: number;
      /** How the publisher sends the events. Default: `bus`. */
      readonly via?: Via;
    }
  /** Independent events at this rate. Functions receive an event as soon as it is in the queue. */
  | { readonly kind: 'rate'; readonly eventsPerSecond: number; readonly seconds: number }
  /** Messages wait this long in every queue. Functions receive full batches only. */
  | { readonly kind: 'backlog'; readonly events: number; readonly waitSeconds: number };

/** Accounts by their number of webhooks: enough that no two events of a batch of ten are of the same account. */
export const ACCOUNTS: Readonly<Record<FanOut, number>> = { 1: 100, 10: 10, 100: 10 };

/** Each round has one full batch of events, so that all deliveries are sent while they are fresh. */
const ROUND_EVENTS = 10;
const ROUNDS: Readonly<Record<FanOut, number>> = { 1: 50, 10: 20, 100: 5 };
const THIN_EVENTS_PER_SECOND = 30;
const BACKLOG_EVENTS = 500;

export const THIN_WITH_WINDOW = 'thin, window of 1 s';

export interface ScenarioOptions {
  readonly thinSeconds: number;
  readonly backlogSeconds: number;
  /** The share of the rounds of full batches that are run: more than 0. Default: 1 (all rounds). */
  readonly roundsShare?: number;
}

/** Enough that each of twelve environments receives a full batch, although some are faster than others. */
const WARM_UP_EVENTS = 400;

/**
 * The scenario that runs before these scenarios, unmeasured. It starts the environments. Before a backlog, it also
 * makes the environments decrypt the data key, which only messages that have waited need.
 */
export function warmUpOf(scenarios: readonly Scenario[], events: number = WARM_UP_EVENTS): Scenario {
  const hasBacklog = scenarios.some(({ traffic }) => traffic.kind === 'backlog');
  return {
    name: 'warm-up',
    fanOut: 1,
    traffic: hasBacklog
      ? { kind: 'backlog', events, waitSeconds: 2.5 }
      : { kind: 'rounds', rounds: 2, events },
  };
}

export function scenariosOf({ thinSeconds, backlogSeconds, roundsShare = 1 }: ScenarioOptions): Scenario[] {
  const roundsOf = (fanOut: FanOut): number => Math.max(2, Math.ceil(ROUNDS[fanOut] * roundsShare));
  return [
    ...FAN_OUTS.map(
      (fanOut): Scenario => ({
        name: `fan-out ${fanOut}`,
        fanOut,
        traffic: { kind: 'rounds', rounds: roundsOf(fanOut), events: ROUND_EVENTS },
      }),
    ),
    {
      name: 'direct',
      fanOut: 1,
      traffic: { kind: 'rounds', rounds: roundsOf(1), events: ROUND_EVENTS, via: 'queue' },
    },
    thinScenario('thin', thinSeconds),
    {
      name: 'backlog',
      fanOut: 1,
      traffic: { kind: 'backlog', events: BACKLOG_EVENTS, waitSeconds: backlogSeconds },
    },
  ];
}

/** Measured in a deployment of its own, whose `eventBatchingWindow` is a second. */
export function windowScenario({ thinSeconds }: Pick<ScenarioOptions, 'thinSeconds'>): Scenario {
  return thinScenario(THIN_WITH_WINDOW, thinSeconds);
}

function thinScenario(name: string, seconds: number): Scenario {
  return { name, fanOut: 1, traffic: { kind: 'rate', eventsPerSecond: THIN_EVENTS_PER_SECOND, seconds } };
}

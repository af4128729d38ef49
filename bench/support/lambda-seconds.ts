import type { Cloud } from '../../local/cloud.ts';

/** The functions whose time is told apart, by a part of their logical ids. */
const FUNCTIONS = {
  dispatch: 'DispatchEvent',
  first: 'FirstLane',
  retry: 'RetryLane',
  slow: 'SlowLane',
} as const;
export type FunctionName = keyof typeof FUNCTIONS;

export type LambdaSeconds = Readonly<Record<FunctionName, number>>;

/** Seconds that were billed so far. An invocation counts when it ends. */
export function readLambdaSeconds(cloud: Cloud): LambdaSeconds {
  const lines = cloud.meter.snapshot().functions;
  const secondsOf = (name: FunctionName): number => {
    const { settings } = cloud.findFunction(FUNCTIONS[name]);
    const line = lines.find(({ functionName }) => functionName === settings.name);
    return line === undefined ? 0 : line.gbSeconds / (settings.memoryMb / 1024);
  };
  return {
    dispatch: secondsOf('dispatch'),
    first: secondsOf('first'),
    retry: secondsOf('retry'),
    slow: secondsOf('slow'),
  };
}

export function between(earlier: LambdaSeconds, later: LambdaSeconds): LambdaSeconds {
  return {
    dispatch: later.dispatch - earlier.dispatch,
    first: later.first - earlier.first,
    retry: later.retry - earlier.retry,
    slow: later.slow - earlier.slow,
  };
}

import type { Cloud } from '../../local/cloud.ts';

/** The functions that a delivery passes, by a part of their logical ids. */
const FUNCTIONS = {
  dispatch: 'DispatchEvent',
  first: 'FirstLane',
  retry: 'RetryLane',
  slow: 'SlowLane',
} as const;
export type FunctionName = keyof typeof FUNCTIONS;

const FUNCTION_NAMES = ['dispatch', 'first', 'retry', 'slow'] as const satisfies readonly FunctionName[];

export type LambdaSeconds = Readonly<Record<FunctionName, number>>;

/** Short names by the functions' deployed names, which are their principals on the local cloud, too. */
export function shortFunctionNames(cloud: Cloud): ReadonlyMap<string, FunctionName> {
  return new Map(FUNCTION_NAMES.map((name) => [cloud.findFunction(FUNCTIONS[name]).settings.name, name]));
}

/** Seconds billed so far. An invocation counts when it ends. */
export function readLambdaSeconds(cloud: Cloud): LambdaSeconds {
  const lines = cloud.meter.snapshot().functions;
  return eachFunction((name) => {
    const { settings } = cloud.findFunction(FUNCTIONS[name]);
    const line = lines.find(({ functionName }) => functionName === settings.name);
    return line === undefined ? 0 : line.gbSeconds / (settings.memoryMb / 1024);
  });
}

export function between(earlier: LambdaSeconds, later: LambdaSeconds): LambdaSeconds {
  return eachFunction((name) => later[name] - earlier[name]);
}

function eachFunction(secondsOf: (name: FunctionName) => number): LambdaSeconds {
  return {
    dispatch: secondsOf('dispatch'),
    first: secondsOf('first'),
    retry: secondsOf('retry'),
    slow: secondsOf('slow'),
  };
}

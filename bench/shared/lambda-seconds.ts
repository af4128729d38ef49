import type { Cloud } from '../../local/cloud.ts';
import { eachFunction, FUNCTION_NAMES, type FunctionName } from '../../measurement/function-names.ts';

/** A part of each function's logical id. */
const LOGICAL_ID_PARTS: Readonly<Record<FunctionName, string>> = {
  dispatch: 'DispatchEvent',
  first: 'FirstLane',
  retry: 'RetryLane',
  slow: 'SlowLane',
};

export type LambdaSeconds = Readonly<Record<FunctionName, number>>;

/** Short names by the functions' deployed names, which are also their principals on the local cloud. */
export function shortFunctionNames(cloud: Cloud): ReadonlyMap<string, FunctionName> {
  return new Map(
    FUNCTION_NAMES.map((name) => [cloud.findFunction(LOGICAL_ID_PARTS[name]).settings.name, name]),
  );
}

/** Seconds billed until now. An invocation counts when it ends. */
export function readLambdaSeconds(cloud: Cloud): LambdaSeconds {
  const lines = cloud.meter.snapshot().functions;
  return eachFunction((name) => {
    const { settings } = cloud.findFunction(LOGICAL_ID_PARTS[name]);
    const line = lines.find(({ functionName }) => functionName === settings.name);
    return line === undefined ? 0 : line.gbSeconds / (settings.memoryMb / 1024);
  });
}

export function between(earlier: LambdaSeconds, later: LambdaSeconds): LambdaSeconds {
  return eachFunction((name) => later[name] - earlier[name]);
}

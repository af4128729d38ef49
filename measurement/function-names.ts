import { LANES } from '../lambdas/shared/domain/lane.ts';

/** The functions that process a delivery: the dispatcher, and the sender of each lane. */
export const FUNCTION_NAMES = ['dispatch', ...LANES] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** One value for each function. */
export function eachFunction<Value>(createValue: (name: FunctionName) => Value): Record<FunctionName, Value> {
  return {
    dispatch: createValue('dispatch'),
    first: createValue('first'),
    retry: createValue('retry'),
    slow: createValue('slow'),
  };
}

import { EVENTBRIDGE } from '../../local/aws-calls.ts';
import type { MeterSnapshot } from '../../local/metering/meter.ts';

/** The calls of one action by one caller. */
export interface CallCount {
  /** `publisher`, a function's short name, or `bus`. */
  readonly caller: string;
  readonly action: string;
  readonly calls: number;
  /** False for the bus's sends to a queue: AWS makes these calls, not this product. */
  readonly counted: boolean;
}

/**
 * The calls of a measurement. A PutEvents counts once for each of its events, since EventBridge charges by event and
 * most publishers put one event in a call. An invocation of a function counts as a call.
 */
export function countCalls(
  snapshot: MeterSnapshot,
  functionNames: ReadonlyMap<string, string>,
): readonly CallCount[] {
  const calls = snapshot.calls.map(({ principal, service, action, calls, entries }): CallCount => {
    const caller = functionNames.get(principal);
    if (caller !== undefined) return { caller, action: `${service}:${action}`, calls, counted: true };
    if (principal === EVENTBRIDGE)
      return { caller: 'bus', action: `${service}:${action}`, calls, counted: false };
    return action === 'PutEvents'
      ? { caller: 'publisher', action: 'events:PutEvents, by event', calls: entries, counted: true }
      : { caller: 'publisher', action: `${service}:${action}`, calls, counted: true };
  });
  const invocations = snapshot.functions.map(
    ({ functionName, invocations }): CallCount => ({
      caller: functionNames.get(functionName) ?? functionName,
      action: 'lambda:Invoke',
      calls: invocations,
      counted: true,
    }),
  );
  return [...calls, ...invocations];
}

import type { AwsCall } from '../aws-calls.ts';
import { type CallEffect, type CallFault, nameOfCall } from './fault.ts';
import { createOccasions } from './occasions.ts';
import { type ResourceNames, resourcesOf } from './resource-names.ts';

/** Counts the matching calls of one fault. */
export interface CountedCallFault {
  readonly fault: CallFault;
  /** Call once for each call. Returns the effect on it, if the fault happens to it. */
  effectOn(call: AwsCall): CallEffect | undefined;
}

/**
 * `isCandidate`: whether a call that matches the fault is counted. Default: always. Throws when the fault names a
 * function or resource that the stack does not have.
 */
export function countCallFault(
  fault: CallFault,
  names: ResourceNames,
  now: () => number,
  isCandidate: (call: AwsCall) => boolean = () => true,
): CountedCallFault {
  const callers = names.callers(fault.by ?? '');
  const resource = fault.on === undefined ? undefined : names.resource(fault.on);
  const calls: ReadonlySet<string> = new Set(fault.calls);
  const occasions = createOccasions(fault.when, now, fault.effects.length);
  const matches = (call: AwsCall): boolean =>
    (calls.has(nameOfCall(call)) || calls.has(`${call.service}:*`)) &&
    // The operator is not a function: its own calls never fail.
    callers.has(call.principal) &&
    (resource === undefined || resourcesOf(call).includes(resource)) &&
    isCandidate(call);
  return {
    fault,
    effectOn(call) {
      const index = matches(call) ? occasions.next() : undefined;
      return index === undefined ? undefined : (fault.effects[index] ?? fault.effects.at(-1));
    },
  };
}

import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import type { Stack } from '../assembly/stack.ts';
import type { AwsCall, Json } from '../aws-calls.ts';
import { type ArmDependencies, armFault } from './arm-fault.ts';
import type { Fault } from './fault.ts';
import type { ArmedFault, FaultPoints } from './fault-points.ts';
import { parseFault } from './parse-fault.ts';
import { createResourceNames } from './resource-names.ts';

/** Injects faults into the local cloud. The operator's own calls never fail. */
export interface Faults {
  /**
   * As a value, or as text in a form of the command line. Throws when the text is invalid, when the fault names
   * something that the stack does not have, or when the local cloud cannot make it happen.
   */
  add(fault: Fault | string): AddedFault;
}

export interface AddedFault {
  readonly fault: Fault;
  /** How many times it has happened. */
  readonly fired: number;
  /** The fault does not happen after this call. */
  remove(): void;
}

export interface FaultsDependencies extends Omit<ArmDependencies, 'names' | 'fire'> {
  readonly stack: Pick<Stack, 'functions' | 'busSchedules' | 'outputs'>;
  readonly clock: Clock;
  /** Called each time that a fault happens, with its text as it was added, or its value as JSON. */
  readonly onFired: (fault: string) => void;
}

export interface InjectedFaults extends Faults {
  readonly points: FaultPoints;
  removeAll(): void;
}

export function createFaults(deps: FaultsDependencies): InjectedFaults {
  const names = createResourceNames(deps.stack);
  const all = new Map<AddedFault, ArmedFault>();
  const armed = (): ArmedFault[] => [...all.values()];

  const add = (given: Fault | string): AddedFault => {
    const fault = typeof given === 'string' ? parseFault(given) : given;
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    let fired = 0;
    const fire = (): void => {
      fired++;
      deps.onFired(text);
    };
    const entry: AddedFault = {
      fault,
      get fired() {
        return fired;
      },
      remove() {
        all.get(entry)?.stop?.();
        all.delete(entry);
      },
    };
    all.set(entry, armFault(fault, { ...deps, names, fire }));
    return entry;
  };

  return {
    add,
    removeAll() {
      for (const entry of all.keys()) entry.remove();
    },
    points: {
      onCall(call, next) {
        const interceptors = armed().flatMap(({ onCall }) => onCall ?? []);
        const chain = interceptors.reduce<(current: AwsCall) => Promise<Json>>(
          (inner, interceptor) => (current) =>
            interceptor(current, (input = current.input) => inner({ ...current, input })),
          ({ input }) => next(input),
        );
        return chain(call);
      },
      // Call every fault, so that each counts its occasions. The first one that happens is used.
      copyOf: (queueUrl) => firstOf(armed().map((one) => one.copyOf?.(queueUrl))),
      secondDeliveryAfterMs: () => firstOf(armed().map((one) => one.secondDeliveryAfterMs?.())),
      watchRun(functionName, environment) {
        const ends = armed().map((one) => one.watchRun?.(functionName, environment));
        return () => {
          for (const end of ends) end?.();
        };
      },
    },
  };
}

function firstOf<Value>(answers: readonly (Value | undefined)[]): Value | undefined {
  return answers.find((answer) => answer !== undefined);
}

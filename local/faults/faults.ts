import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import type { Stack } from '../assembly/stack.ts';
import type { AwsCall, Json } from '../aws-calls.ts';
import { type ArmDependencies, armFault } from './arm.ts';
import type { Fault } from './fault.ts';
import { createNames } from './names.ts';
import { parseFault } from './parse-fault.ts';
import type { Armed, FaultPoints } from './points.ts';

/** What goes wrong in the local cloud on purpose. The operator's own calls never do. */
export interface Faults {
  /** As a value, or in the words of the command line. Throws when it names what the stack does not have. */
  add(fault: Fault | string): AddedFault;
}

export interface AddedFault {
  readonly fault: Fault;
  /** How often it happened so far. */
  readonly fired: number;
  /** From now on it does not happen. */
  remove(): void;
}

export interface FaultsDependencies extends Omit<ArmDependencies, 'names' | 'fire'> {
  readonly stack: Pick<Stack, 'functions' | 'outputs'>;
  readonly clock: Clock;
  /** Called each time that a fault happens, with the fault's text. */
  readonly onFired: (fault: string) => void;
}

export interface InjectedFaults extends Faults {
  readonly points: FaultPoints;
  removeAll(): void;
}

export function createFaults(deps: FaultsDependencies): InjectedFaults {
  const names = createNames(deps.stack);
  const all = new Map<AddedFault, Armed>();
  const armed = (): Armed[] => [...all.values()];

  const add = (given: Fault | string): AddedFault => {
    const fault = typeof given === 'string' ? parseFault(given) : given;
    const words = typeof given === 'string' ? given : JSON.stringify(given);
    let fired = 0;
    const fire = (): void => {
      fired++;
      deps.onFired(words);
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
      // Each is asked, so that each counts its occasions; the first one that happens is it.
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

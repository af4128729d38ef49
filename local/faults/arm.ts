import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import type { AwsCall } from '../aws-calls.ts';
import type { LocalFunction } from '../lambda/function.ts';
import { applyEffect } from './apply-effect.ts';
import type { CallFault, EventTwice, Fault, KillAfter, LimitConcurrency, MessageTwice } from './fault.ts';
import { type Names, resourcesOf } from './names.ts';
import { createOccasions } from './occasions.ts';
import type { Armed } from './points.ts';

export interface ArmDependencies {
  readonly names: Names;
  readonly clock: Clock;
  /** A running function, by its name. */
  readonly functionNamed: (name: string) => Pick<LocalFunction, 'settings' | 'acquire' | 'killEnvironment'>;
  /** How many environments of one function there can be at once, where it reserves no other number. */
  readonly maximumEnvironments: number;
  /** Called each time that the fault happens. */
  readonly fire: () => void;
}

/** Throws when the fault names what the stack does not have. */
export function armFault(fault: Fault, deps: ArmDependencies): Armed {
  switch (fault.fault) {
    case 'call':
      return armCall(fault, deps);
    case 'kill':
      return armKill(fault, deps);
    case 'message_twice':
      return armMessageTwice(fault, deps);
    case 'event_twice':
      return armEventTwice(fault, deps);
    case 'concurrency':
      return armConcurrency(fault, deps);
  }
}

function armCall(fault: CallFault, { names, clock, functionNamed, fire }: ArmDependencies): Armed {
  const callers = names.functions(fault.by ?? '');
  const resource = fault.on === undefined ? undefined : names.resource(fault.on);
  const isKill = fault.effect.do === 'kill_before' || fault.effect.do === 'kill_after';
  const occasions = createOccasions(fault.when, () => clock.now());
  const concerns = (call: AwsCall): boolean =>
    fault.calls.some((name) => name === `${call.service}:${call.action}` || name === `${call.service}:*`) &&
    // The operator is no function: what it does itself never goes wrong.
    callers.has(call.principal) &&
    (resource === undefined || resourcesOf(call).includes(resource)) &&
    // Lambda's own pollers have no environment that could die.
    (!isKill || call.environment !== undefined);
  return {
    onCall(call, next) {
      if (!concerns(call) || !occasions.next()) return next();
      fire();
      return applyEffect(fault.effect, call, next, async () => {
        await functionNamed(call.principal).killEnvironment(call.environment);
      });
    },
  };
}

function armKill(fault: KillAfter, { names, clock, functionNamed, fire }: ArmDependencies): Armed {
  const functions = names.functions(fault.function);
  const occasions = createOccasions(fault.when, () => clock.now());
  return {
    watchRun(functionName, environment) {
      if (!functions.has(functionName) || !occasions.next()) return () => undefined;
      const timer = setTimeout(() => {
        fire();
        void functionNamed(functionName).killEnvironment(environment);
      }, fault.afterMs);
      return () => clearTimeout(timer);
    },
  };
}

function armMessageTwice(fault: MessageTwice, { names, clock, fire }: ArmDependencies): Armed {
  const url = names.queueUrl(fault.queue);
  const occasions = createOccasions(fault.when, () => clock.now());
  return {
    copyOf(queueUrl) {
      if (queueUrl !== url || !occasions.next()) return undefined;
      fire();
      return fault.how;
    },
  };
}

function armEventTwice(fault: EventTwice, { clock, fire }: ArmDependencies): Armed {
  const occasions = createOccasions(fault.when, () => clock.now());
  return {
    secondDeliveryAfterMs() {
      if (!occasions.next()) return undefined;
      fire();
      return fault.afterMs ?? 0;
    },
  };
}

/** Holds the slots beyond the limit: those that are busy now, as soon as they are free. */
function armConcurrency(fault: LimitConcurrency, deps: ArmDependencies): Armed {
  const ending = new AbortController();
  const { signal } = ending;
  const hold = async (functionName: string): Promise<void> => {
    const slot = await deps.functionNamed(functionName).acquire(signal);
    if (slot === undefined) return;
    if (signal.aborted) slot.release();
    else signal.addEventListener('abort', () => slot.release(), { once: true });
  };
  for (const name of deps.names.functions(fault.function)) {
    const { reservedConcurrency = deps.maximumEnvironments } = deps.functionNamed(name).settings;
    const surplus = Math.min(reservedConcurrency, deps.maximumEnvironments) - fault.limit;
    for (let held = 0; held < surplus; held++) void hold(name);
  }
  const timer = setTimeout(() => ending.abort(), fault.forMs);
  deps.fire();
  return {
    stop() {
      clearTimeout(timer);
      ending.abort();
    },
  };
}

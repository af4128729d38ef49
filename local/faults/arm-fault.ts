import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import { type AwsCall, AwsError, CutAnswer } from '../aws-calls.ts';
import type { LocalFunction } from '../lambda/function.ts';
import { applyEffect, type EffectPorts } from './apply-effect.ts';
import { countCallFault } from './call-faults.ts';
import {
  type CallFault,
  type CallName,
  type ConcurrencyFault,
  type EventTwiceFault,
  type Fault,
  isKill,
  type KillFault,
  type MessageTwiceFault,
  type PostFault,
  unsupported,
} from './fault.ts';
import type { ArmedFault } from './fault-points.ts';
import { createOccasions } from './occasions.ts';
import type { ResourceNames } from './resource-names.ts';

const DEFAULT_CODE = 'ServiceUnavailable';

/** Error codes that AWS answers with a status of 5xx. All others have 400. */
const SERVER_ERRORS: ReadonlyMap<string, number> = new Map([
  ['InternalFailure', 500],
  ['InternalServerError', 500],
  ['KMSInternalException', 500],
  ['ServiceUnavailable', 503],
]);

/** A sender makes one of these right after the answer to a POST, before anything is recorded. */
const FIRST_CALLS_AFTER_POST: readonly CallName[] = ['dynamodb:BatchWriteItem', 'dynamodb:UpdateItem'];

export interface ArmDependencies {
  readonly names: ResourceNames;
  readonly clock: Clock;
  /** A running function, by its name. */
  readonly functionNamed: (name: string) => Pick<LocalFunction, 'settings' | 'acquire' | 'killEnvironment'>;
  /** The most environments of one function at the same time, unless it reserves fewer. */
  readonly maximumEnvironments: number;
  /** Called each time that the fault happens. */
  readonly fire: () => void;
}

/** Throws when the fault names something that the stack does not have, or the local cloud cannot make it happen. */
export function armFault(fault: Fault, deps: ArmDependencies): ArmedFault {
  switch (fault.fault) {
    case 'call':
      return armCall(fault, deps);
    case 'post':
      return armPost(fault, deps);
    case 'kill':
      return armKill(fault, deps);
    case 'message_twice':
      return armMessageTwice(fault, deps);
    case 'event_twice':
      return armEventTwice(fault, deps);
    case 'concurrency':
      return armConcurrency(fault, deps);
    case 'pause':
      throw unsupported(fault, 'local', 'use "delay-answer" of a call');
    case 'throttle':
      throw unsupported(fault, 'local', 'use "concurrency" with a limit of 0');
    case 'bus_cannot_send':
      throw unsupported(fault, 'local', 'its bus can always send');
  }
}

function armCall(fault: CallFault, { names, clock, functionNamed, fire }: ArmDependencies): ArmedFault {
  const kills = fault.effects.some(isKill);
  const counted = countCallFault(
    fault,
    names,
    () => clock.now(),
    // Lambda's own pollers have no environment that could be killed.
    (call) => !kills || call.environment !== undefined,
  );
  return {
    onCall(call, next) {
      const effect = counted.effectOn(call);
      if (effect === undefined) return next();
      fire();
      return applyEffect(effect, call, next, portsOf(call, functionNamed));
    },
  };
}

function portsOf(call: AwsCall, functionNamed: ArmDependencies['functionNamed']): EffectPorts {
  return {
    sleep: (ms) => sleep(ms),
    refusal: (code = DEFAULT_CODE) =>
      new AwsError({
        code,
        status: SERVER_ERRORS.get(code) ?? 400,
        message: 'an injected fault fails this call',
      }),
    lostAnswer: () => new CutAnswer(call),
    async kill() {
      await functionNamed(call.principal).killEnvironment(call.environment);
      throw new CutAnswer(call);
    },
  };
}

function armPost(fault: PostFault, deps: ArmDependencies): ArmedFault {
  if (fault.effect !== 'kill_after' || fault.to !== undefined)
    throw unsupported(
      fault,
      'local',
      'it cannot observe POSTs; use "kill" with a time, or "kill_after" without "to"',
    );
  const { by, when } = fault;
  return armCall(
    {
      fault: 'call',
      calls: FIRST_CALLS_AFTER_POST,
      effects: [{ do: 'kill_before' }],
      ...(by === undefined ? {} : { by }),
      ...(when === undefined ? {} : { when }),
    },
    deps,
  );
}

function armKill(fault: KillFault, { names, clock, functionNamed, fire }: ArmDependencies): ArmedFault {
  const functions = names.functions(fault.function ?? '');
  const occasions = createOccasions(fault.when, () => clock.now());
  return {
    watchRun(functionName, environment) {
      if (!functions.has(functionName) || occasions.next() === undefined) return () => undefined;
      const timer = setTimeout(() => {
        fire();
        void functionNamed(functionName).killEnvironment(environment);
      }, fault.afterMs);
      return () => clearTimeout(timer);
    },
  };
}

function armMessageTwice(fault: MessageTwiceFault, { names, clock, fire }: ArmDependencies): ArmedFault {
  const { second } = fault;
  if (typeof second === 'number') throw unsupported(fault, 'local', 'use "parallel" or "in_turn"');
  const url = fault.queue === undefined ? undefined : names.queueUrl(fault.queue);
  const occasions = createOccasions(fault.when, () => clock.now());
  return {
    copyOf(queueUrl) {
      if ((url !== undefined && queueUrl !== url) || occasions.next() === undefined) return undefined;
      fire();
      return second;
    },
  };
}

function armEventTwice(fault: EventTwiceFault, { clock, fire }: ArmDependencies): ArmedFault {
  const occasions = createOccasions(fault.when, () => clock.now());
  return {
    secondDeliveryAfterMs() {
      if (occasions.next() === undefined) return undefined;
      fire();
      return fault.afterMs ?? 0;
    },
  };
}

/** Occupies all slots but `limit`. A slot that is busy is occupied when it becomes free. */
function armConcurrency(fault: ConcurrencyFault, deps: ArmDependencies): ArmedFault {
  const ending = new AbortController();
  const { signal } = ending;
  const occupy = async (functionName: string): Promise<void> => {
    const slot = await deps.functionNamed(functionName).acquire(signal);
    if (slot === undefined) return;
    if (signal.aborted) slot.release();
    else signal.addEventListener('abort', () => slot.release(), { once: true });
  };
  for (const name of deps.names.functions(fault.function)) {
    const { reservedConcurrency = deps.maximumEnvironments } = deps.functionNamed(name).settings;
    const surplus = Math.min(reservedConcurrency, deps.maximumEnvironments) - fault.limit;
    for (let occupied = 0; occupied < surplus; occupied++) void occupy(name);
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

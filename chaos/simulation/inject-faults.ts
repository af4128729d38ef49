import type { PostResult } from '../../lambdas/shared/http/post.ts';
import { sleep } from '../../lambdas/shared/runtime/clock.ts';
import type { Stack } from '../../local/assembly/stack.ts';
import { type AwsCall, AwsError, type Json } from '../../local/aws-calls.ts';
import { applyEffect, type EffectPorts } from '../../local/faults/apply-effect.ts';
import { countCallFault } from '../../local/faults/call-faults.ts';
import {
  type CallEffect,
  type Fault,
  type FaultOf,
  isKill,
  type PostFault,
  unsupported,
} from '../../local/faults/fault.ts';
import { createOccasions, type Occasions } from '../../local/faults/occasions.ts';
import { createResourceNames, resourcesOf } from '../../local/faults/resource-names.ts';
import { type Affected, type DeliveryName, namesAccountVersion } from '../affected-deliveries.ts';
import type { Caller, HappenedFault, History } from '../history.ts';
import { never, type SimulatedEnvironment } from './simulated-environment.ts';

type Next = (input?: Json) => Promise<Json>;

/** What made a call, and the deliveries that a fault at this call affects. */
export interface CallOrigin {
  readonly caller: Caller;
  /** Absent for AWS's own pollers. */
  readonly environment?: SimulatedEnvironment;
  readonly affected: Affected;
}

/** How many times the bus sends an event to its target. With 0, `outcome` is what happens instead. */
type BusDelivery =
  | { readonly times: 1 | 2; readonly afterMs: number }
  | { readonly times: 0; readonly outcome: 'dead_letter' | 'lost' };

/** Makes a scenario's faults happen in the simulated cloud, and adds each to the history. */
export interface FaultInjector {
  call(origin: CallOrigin, call: AwsCall, next: Next): Promise<Json>;
  post(environment: SimulatedEnvironment, url: string, send: () => Promise<PostResult>): Promise<PostResult>;
  isThrottled(functionName: string, affected: readonly DeliveryName[]): boolean;
  /** Resolves when the environment's run may return. */
  pause(environment: SimulatedEnvironment, functionName: string): Promise<void>;
  /** Called when an environment starts to run an event. Call the returned function when the run ends. */
  watchRun(environment: SimulatedEnvironment, functionName: string): () => void;
  /** How long after its delivery a message is delivered again; undefined: it is not. */
  deliverAgainAfterMs(affected: readonly DeliveryName[]): number | undefined;
  /** What the bus does with an event that matches a rule. */
  busDelivery(affected: readonly DeliveryName[]): BusDelivery;
}

export function createFaultInjector(
  faults: readonly Fault[],
  history: History,
  stack: Pick<Stack, 'functions' | 'busSchedules' | 'outputs'>,
): FaultInjector {
  faults.forEach(checkSupported);
  const now = (): number => Date.now();
  const all = <Name extends Fault['fault']>(name: Name): FaultOf<Name>[] =>
    faults.filter((fault): fault is FaultOf<Name> => fault.fault === name);
  const counted = <One extends Exclude<Fault, FaultOf<'concurrency'>>>(list: readonly One[]) =>
    list.map((fault) => ({ fault, occasions: createOccasions(fault.when, now) }));

  const names = createResourceNames(stack);
  const callFaults = all('call').map((fault) => countCallFault(fault, names, now));
  const outages = callFaults.filter(({ fault }) => fault.when?.forMs !== undefined);
  const singleCalls = callFaults.filter(({ fault }) => fault.when?.forMs === undefined);
  const posts = counted(all('post'));
  const kills = counted(all('kill'));
  const pauses = counted(all('pause'));
  const throttles = counted(all('throttle'));
  const repeatedMessages = counted(all('message_twice'));
  const repeatedEvents = counted(all('event_twice'));
  const refusedEvents = counted(all('bus_cannot_send'));

  const add = (fault: HappenedFault, affected: Affected, caller?: Caller): void =>
    history.add({ kind: 'fault', fault, affected, ...(caller === undefined ? {} : { caller }) });

  const kill = (environment: SimulatedEnvironment, fault: HappenedFault): Promise<never> => {
    add(fault, affectedByKill(environment), environment.caller);
    environment.kill('it was killed');
    return never();
  };

  const killAtPost = (environment: SimulatedEnvironment, { effect }: PostFault): Promise<never> =>
    kill(environment, { kind: 'post', effect });

  return {
    async call({ caller, environment, affected }, call, next) {
      // During an outage, calls are not counted for the other faults.
      const effect = firstEffect(outages, call) ?? firstEffect(singleCalls, call);
      if (effect === undefined) return next();
      const { service, action } = call;
      const on = tableOf(stack, call);
      add(
        { kind: 'call', service, action, ...(on === undefined ? {} : { on }), effect },
        isKill(effect) && environment !== undefined ? affectedByKill(environment) : affected,
        caller,
      );
      return applyEffect(effect, call, next, portsOf(call, effect, environment));
    },

    async post(environment, url, send) {
      const matching = posts.filter(({ fault }) => url.startsWith(fault.to ?? ''));
      const fault = firstToHappen(matching);
      if (fault === undefined) return send();
      if (fault.effect === 'kill_before') return killAtPost(environment, fault);
      const answered = send();
      if (fault.effect === 'kill_open') return killAtPost(environment, fault);
      await answered;
      return killAtPost(environment, fault);
    },

    isThrottled(functionName, affected) {
      const isRefused = firstToHappen(ofFunction(throttles, functionName)) !== undefined;
      if (isRefused) add({ kind: 'throttle' }, affected);
      return isRefused;
    },

    async pause(environment, functionName) {
      const fault = firstToHappen(ofFunction(pauses, functionName));
      if (fault === undefined) return;
      add({ kind: 'pause' }, environment.affected, environment.caller);
      await sleep(fault.ms);
    },

    watchRun(environment, functionName) {
      const fault = firstToHappen(ofFunction(kills, functionName));
      if (fault === undefined) return () => undefined;
      const timer = setTimeout(() => void kill(environment, { kind: 'kill' }), fault.afterMs);
      return () => clearTimeout(timer);
    },

    deliverAgainAfterMs(affected) {
      const fault = firstToHappen(repeatedMessages);
      if (fault === undefined) return undefined;
      add({ kind: 'message_twice' }, affected);
      return Number(fault.second);
    },

    busDelivery(affected) {
      const repeated = firstToHappen(repeatedEvents);
      const refused = firstToHappen(refusedEvents);
      if (repeated !== undefined) {
        add({ kind: 'event_twice' }, affected);
        return { times: 2, afterMs: repeated.afterMs ?? 0 };
      }
      if (refused === undefined) return { times: 1, afterMs: 0 };
      add({ kind: 'bus_cannot_send' }, affected);
      return { times: 0, outcome: refused.isLost === true ? 'lost' : 'dead_letter' };
    },
  };
}

/** Throws for a fault, or for a detail of a fault, that the simulated cloud does not support. */
function checkSupported(fault: Fault): void {
  switch (fault.fault) {
    case 'call':
    case 'event_twice':
    case 'kill':
    case 'pause':
    case 'throttle':
    case 'bus_cannot_send':
      return;
    case 'post':
      if (fault.by !== undefined) throw unsupported(fault, 'simulated', 'only senders make POSTs');
      return;
    case 'message_twice':
      if (fault.queue !== undefined || typeof fault.second !== 'number')
        throw unsupported(
          fault,
          'simulated',
          'it counts messages of all queues, and delivers after a number of ms',
        );
      return;
    case 'concurrency':
      throw unsupported(fault, 'simulated', 'use the number of environments of the scenario');
  }
}

/** Every fault counts the call. The first one that happens is applied. */
function firstEffect(
  faults: readonly { effectOn(call: AwsCall): CallEffect | undefined }[],
  call: AwsCall,
): CallEffect | undefined {
  return faults.map((fault) => fault.effectOn(call)).find((effect) => effect !== undefined);
}

/** The faults of all functions, and those of this one. */
function ofFunction<One extends { readonly fault: { readonly function?: string } }>(
  faults: readonly One[],
  functionName: string,
): One[] {
  return faults.filter(({ fault }) => functionName.includes(fault.function ?? ''));
}

/** Every fault counts the occasion. The first one that happens is returned. */
function firstToHappen<One extends Fault>(
  faults: readonly { readonly fault: One; readonly occasions: Occasions }[],
): One | undefined {
  return faults.filter(({ occasions }) => occasions.next() !== undefined)[0]?.fault;
}

function portsOf(
  call: AwsCall,
  effect: CallEffect,
  environment: SimulatedEnvironment | undefined,
): EffectPorts {
  return {
    sleep,
    refusal: (code) => unavailable(call, code),
    lostAnswer: () => timedOut(call),
    kill() {
      // AWS's own pollers are not killed: only the call is lost.
      if (environment === undefined)
        return Promise.reject(effect.do === 'kill_before' ? unavailable(call) : timedOut(call));
      environment.kill(`it was killed at ${call.action}`);
      return never();
    },
  };
}

/** The table that a call is about; undefined for another service. */
function tableOf(
  { outputs }: Pick<Stack, 'outputs'>,
  call: AwsCall,
): 'WebhooksTable' | 'DeliveriesTable' | 'AccountVersion' | undefined {
  const resources = resourcesOf(call);
  if (resources.includes(outputs.DeliveriesTableName ?? '')) return 'DeliveriesTable';
  if (!resources.includes(outputs.WebhooksTableName ?? '')) return undefined;
  return namesAccountVersion(call) ? 'AccountVersion' : 'WebhooksTable';
}

/** Every delivery that the environment was processing when it was killed. */
function affectedByKill({ affected, caller }: SimulatedEnvironment): Affected {
  // The request that creates a webhook does not contain its id.
  return caller.role === 'serve-api' && affected.length === 0 ? 'any' : affected;
}

function unavailable({ service }: AwsCall, code = 'ServiceUnavailableException'): AwsError {
  return new AwsError({ code, message: `${service} is not available`, status: 503 });
}

function timedOut({ action }: AwsCall): Error {
  return Object.assign(new Error(`the answer to ${action} did not arrive in time`), { name: 'TimeoutError' });
}

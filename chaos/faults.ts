import type { PostResult } from '../lambdas/send-delivery/ports.ts';
import { sleep } from '../lambdas/shared/runtime/clock.ts';
import { type AwsCall, AwsError, type Json } from '../local/calls.ts';
import { makePartial } from '../local/faults/partial.ts';
import { type Environment, never } from './environment.ts';
import { EVERYBODY, type History, touch } from './history.ts';
import type { CallEffect, Fault, Scenario } from './scenario.ts';
import { START } from './virtual-time.ts';

/** Three tries of the SDK at 2 s each. */
const SLOW_FAILURE_MS = 6_300;
/** Of a batch that fails in part, every third entry fails, the first one always. */
const FAILING_ENTRY = 3;

type FaultOf<Name extends Fault['fault']> = Extract<Fault, { fault: Name }>;
type Next = (input?: Json) => Promise<Json>;

/** Who calls: an environment, or one of AWS's own pollers. */
export interface Caller {
  readonly name: string;
  readonly environment?: Environment;
  readonly touches: readonly string[];
}

/** Makes go wrong what the scenario says, and keeps who may have felt it. */
export interface Faults {
  call(caller: Caller, call: AwsCall, next: Next): Promise<Json>;
  post(environment: Environment, send: () => Promise<PostResult>): Promise<PostResult>;
  isThrottled(name: string, touches: readonly string[]): boolean;
  /** Whether queues say of themselves that many messages wait. */
  readonly countsLag: boolean;
  /** Whether connections break that are open while their environment is frozen. */
  readonly frozenConnectionsBreak: boolean;
  /** Called when an environment begins to run an event; the result, when it ends. */
  watchRun(environment: Environment): () => void;
  /** How long after it is handed out a message is handed out again; undefined: not at all. */
  copyAfterMs(touches: readonly string[]): number | undefined;
  busDelivery(touches: readonly string[]): { readonly times: 0 | 1 | 2; readonly afterMs: number };
}

export function createFaults(scenario: Scenario, history: History, now: () => number): Faults {
  const counts = new Map<string, number>();
  const next = (kind: string): number => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count;
  };
  const all = <Name extends Fault['fault']>(name: Name): FaultOf<Name>[] =>
    scenario.faults.filter((fault): fault is FaultOf<Name> => fault.fault === name);
  const [onCalls, onPosts, outages] = [all('call'), all('post'), all('down')];

  const happens = (what: string, touches: readonly string[]): void => {
    history.lines.push({ at: now(), text: `FAULT: ${what}` });
    touch(history, touches, { at: now(), what });
  };

  const isDown = (call: AwsCall): FaultOf<'down'> | undefined =>
    outages.find(
      ({ service, from, forMs }) =>
        service === call.service && now() >= START + from && now() < START + from + forMs,
    );

  const apply = async (
    effect: CallEffect,
    delayMs: number,
    caller: Caller,
    call: AwsCall,
    go: Next,
  ): Promise<Json> => {
    const die = (): Promise<Json> => {
      caller.environment?.kill(`it was killed at ${call.action}`);
      return never();
    };
    switch (effect) {
      case 'refuse':
        throw unavailable(call);
      case 'cut':
        await go();
        throw timedOut(call);
      case 'late':
        await sleep(delayMs);
        return go();
      case 'answer_late': {
        const output = await go();
        await sleep(delayMs);
        return output;
      }
      case 'partial': {
        const partial = makePartial(call.action, call.input, (index) => index % FAILING_ENTRY === 0);
        if (partial === undefined) throw unavailable(call);
        return partial.answer(partial.input === undefined ? {} : await go(partial.input));
      }
      // A poller of AWS's does not die; to it the call looks lost.
      case 'kill_before':
        if (caller.environment === undefined) throw unavailable(call);
        return die();
      case 'kill_after':
        await go();
        if (caller.environment === undefined) throw timedOut(call);
        return die();
    }
  };

  return {
    countsLag: all('stale_counts').length > 0,
    frozenConnectionsBreak: all('frozen_connections_break').length > 0,

    async call(caller, call, go) {
      const outage = isDown(call);
      if (outage !== undefined) {
        const what = `${call.service} is down${outage.slowly ? ', slowly,' : ''} for ${caller.name}'s ${call.action}`;
        happens(what, caller.touches);
        if (outage.slowly) await sleep(SLOW_FAILURE_MS);
        throw unavailable(call);
      }
      const name = `${call.service}.${call.action}`;
      const nth = next(name);
      const fault = onCalls.find((one) => one.call === name && nth >= one.nth && nth < one.nth + one.times);
      if (fault === undefined) return go();
      const what = `${fault.effect} at ${caller.name}'s ${call.action}`;
      // Nobody knows yet whose messages a receive takes out of sight.
      const touches = call.action === 'ReceiveMessage' ? [EVERYBODY] : caller.touches;
      happens(what, touches);
      return apply(fault.effect, fault.delayMs, caller, call, go);
    },

    async post(environment, send) {
      const nth = next('post');
      const fault = onPosts.find((one) => one.nth === nth);
      if (fault === undefined) return send();
      const { touches } = environment;
      if (fault.effect === 'kill_after') await send();
      // While the endpoint was answering, the environment may have gone on to another event.
      const all = new Set([...touches, ...environment.touches]);
      happens(`${environment.name}: ${fault.effect} at its POST`, [...all]);
      environment.kill('it was killed at its POST');
      return never();
    },

    isThrottled(name, touches) {
      const nth = next('invocation');
      const fault = all('throttle').find((one) => one.nth === nth);
      if (fault !== undefined) happens(`${name} is throttled`, touches);
      return fault !== undefined;
    },

    watchRun(environment) {
      const nth = next('run');
      const fault = all('kill').find((one) => one.nth === nth);
      if (fault === undefined) return () => undefined;
      const timer = setTimeout(() => {
        const what = `${environment.name} is killed ${fault.afterMs} ms after it began to run`;
        happens(what, environment.touches);
        environment.kill('it was killed');
      }, fault.afterMs);
      return () => clearTimeout(timer);
    },

    copyAfterMs(touches) {
      const nth = next('message');
      const fault = all('copy').find((one) => one.nth === nth);
      if (fault !== undefined) happens('SQS hands a message out once more', touches);
      return fault?.afterMs;
    },

    busDelivery(touches) {
      const nth = next('event');
      const twice = all('bus_twice').find((one) => one.nth === nth);
      if (twice !== undefined) {
        happens('the bus delivers an event twice', touches);
        return { times: 2, afterMs: twice.afterMs };
      }
      const never = all('bus_cannot_invoke').find((one) => one.nth === nth);
      if (never === undefined) return { times: 1, afterMs: 0 };
      happens('the bus cannot invoke the dispatcher', []);
      return { times: 0, afterMs: 0 };
    },
  };
}

function unavailable({ service }: AwsCall): AwsError {
  const message = `${service} is not available`;
  return new AwsError({ code: 'ServiceUnavailableException', message, status: 503 });
}

function timedOut({ action }: AwsCall): Error {
  return Object.assign(new Error(`the answer to ${action} did not come in time`), { name: 'TimeoutError' });
}

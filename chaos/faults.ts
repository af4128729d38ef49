import type { PostResult } from '../lambdas/shared/http/post.ts';
import { sleep } from '../lambdas/shared/runtime/clock.ts';
import { type AwsCall, AwsError, type Json } from '../local/aws-calls.ts';
import { makePartial } from '../local/faults/partial.ts';
import type { Affected, DeliveryName } from './affected-deliveries.ts';
import { webhookOfUrl } from './customers.ts';
import type { CallEffect, Fault } from './fault.ts';
import type { Caller, HappenedFault, History } from './history.ts';
import type { Scenario } from './scenario.ts';
import { type Environment, never } from './simulated-environment.ts';
import { START } from './virtual-time.ts';

/** Three tries of the SDK at 2 s each. */
const SLOW_FAILURE_MS = 6_300;
/** Of a batch that fails in part, every third entry fails, the first one always. */
const FAILING_ENTRY = 3;

type FaultOf<Name extends Fault['fault']> = Extract<Fault, { fault: Name }>;
type Next = (input?: Json) => Promise<Json>;
type Table = 'webhooks' | 'deliveries';

/** Who calls, and the deliveries that a fault at this call affects. */
export interface CallOrigin {
  readonly caller: Caller;
  /** Absent for AWS's own pollers. */
  readonly environment?: Environment;
  readonly affected: Affected;
}

/** Makes the scenario's faults happen, and adds each to the history. */
export interface Faults {
  call(origin: CallOrigin, call: AwsCall, next: Next): Promise<Json>;
  post(environment: Environment, url: string, send: () => Promise<PostResult>): Promise<PostResult>;
  isThrottled(affected: readonly DeliveryName[]): boolean;
  /** Called when an environment begins to run an event; the result, when it ends. */
  watchRun(environment: Environment): () => void;
  /** How long after it was delivered a message is delivered again; undefined: not at all. */
  deliverAgainAfterMs(affected: readonly DeliveryName[]): number | undefined;
  busDelivery(affected: readonly DeliveryName[]): { readonly times: 0 | 1 | 2; readonly afterMs: number };
}

export function createFaults(
  scenario: Scenario,
  history: History,
  tableOf: (call: AwsCall) => Table | undefined,
): Faults {
  const counts = new Map<string, number>();
  const next = (kind: string): number => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count;
  };
  const all = <Name extends Fault['fault']>(name: Name): FaultOf<Name>[] =>
    scenario.faults.filter((fault): fault is FaultOf<Name> => fault.fault === name);
  const [onCalls, onPosts, outages] = [all('call'), all('post'), all('down')];

  const happens = (fault: HappenedFault, affected: Affected, caller?: Caller): void =>
    history.add({ kind: 'fault', fault, affected, ...(caller === undefined ? {} : { caller }) });

  const kill = (environment: Environment, at: Extract<HappenedFault, { kind: 'killed' }>['at']) => {
    happens({ kind: 'killed', at }, affectedByDeath(environment), environment.caller);
    environment.kill('it was killed');
    return never<never>();
  };

  const effectOn = (call: AwsCall): { effect: CallEffect; delayMs: number } | undefined => {
    const name = `${call.service}:${call.action}`;
    const table = tableOf(call);
    const nth = { all: next(name), table: next(`${name} ${table}`) };
    for (const { call: failing, on, nth: first, effects, delayMs } of onCalls) {
      if (failing !== name || (on !== undefined && on !== table)) continue;
      const effect = effects[(on === undefined ? nth.all : nth.table) - first];
      if (effect !== undefined) return { effect, delayMs };
    }
    return undefined;
  };

  const apply = async (
    { effect, delayMs }: { effect: CallEffect; delayMs: number },
    { environment }: CallOrigin,
    call: AwsCall,
    go: Next,
  ): Promise<Json> => {
    switch (effect) {
      case 'fail':
        throw unavailable(call);
      case 'cut':
        await go();
        throw timedOut(call);
      case 'delay':
        await sleep(delayMs);
        return go();
      case 'delay_answer': {
        const output = await go();
        await sleep(delayMs);
        return output;
      }
      case 'partial': {
        const partial = makePartial(call.action, call.input, (index) => index % FAILING_ENTRY === 0);
        if (partial === undefined) throw unavailable(call);
        return partial.answer(partial.input === undefined ? {} : await go(partial.input));
      }
      // One of AWS's own pollers does not die; for it the call is lost.
      case 'kill_before':
        if (environment === undefined) throw unavailable(call);
        environment.kill(`it was killed at ${call.action}`);
        return never();
      case 'kill_after':
        await go();
        if (environment === undefined) throw timedOut(call);
        environment.kill(`it was killed at ${call.action}`);
        return never();
    }
  };

  return {
    async call(origin, call, go) {
      const { service, action } = call;
      const on = tableOf(call);
      const at = { kind: 'call', service, action, ...(on === undefined ? {} : { on }) } as const;
      const outage = outages.find(
        (down) => down.service === service && isDuring(Date.now() - START, down.from, down.forMs),
      );
      if (outage !== undefined) {
        const effect = outage.slowly ? 'down_slowly' : 'down';
        happens({ ...at, effect }, origin.affected, origin.caller);
        if (outage.slowly) await sleep(SLOW_FAILURE_MS);
        throw unavailable(call);
      }
      const found = effectOn(call);
      if (found === undefined) return go();
      const isKill = found.effect === 'kill_before' || found.effect === 'kill_after';
      const { environment, affected } = origin;
      const isDeath = isKill && environment !== undefined;
      happens(
        { ...at, effect: found.effect },
        isDeath ? affectedByDeath(environment) : affected,
        origin.caller,
      );
      return apply(found, origin, call, go);
    },

    async post(environment, url, send) {
      const webhook = webhookOfUrl(url);
      const nth = { all: next('post'), webhook: next(`post ${webhook}`) };
      const fault = onPosts.find((one) =>
        one.webhook === undefined ? one.nth === nth.all : one.webhook === webhook && one.nth === nth.webhook,
      );
      if (fault === undefined) return send();
      if (fault.effect === 'kill_before') return kill(environment, 'before_post');
      const answered = send();
      if (fault.effect === 'kill_open') return kill(environment, 'open_post');
      await answered;
      return kill(environment, 'after_post');
    },

    isThrottled(affected) {
      const nth = next('invocation');
      const isRefused = all('throttle').some((one) => one.nth === nth);
      if (isRefused) happens({ kind: 'throttled' }, affected);
      return isRefused;
    },

    watchRun(environment) {
      const nth = next('run');
      const fault = all('kill').find((one) => one.nth === nth);
      if (fault === undefined) return () => undefined;
      const timer = setTimeout(() => void kill(environment, 'any_time'), fault.afterMs);
      return () => clearTimeout(timer);
    },

    deliverAgainAfterMs(affected) {
      const nth = next('message');
      const fault = all('message_twice').find((one) => one.nth === nth);
      if (fault !== undefined) happens({ kind: 'message_twice' }, affected);
      return fault?.afterMs;
    },

    busDelivery(affected) {
      const nth = next('event');
      const twice = all('event_twice').find((one) => one.nth === nth);
      if (twice !== undefined) {
        happens({ kind: 'event_twice' }, affected);
        return { times: 2, afterMs: twice.afterMs };
      }
      if (!all('bus_cannot_send').some((one) => one.nth === nth)) return { times: 1, afterMs: 0 };
      happens({ kind: 'bus_cannot_send' }, affected);
      return { times: 0, afterMs: 0 };
    },
  };
}

/** Every delivery that the environment was working on when it died. */
function affectedByDeath({ affected, caller }: Environment): Affected {
  // The request that creates a webhook does not know its id.
  return caller.role === 'serve-api' && affected.length === 0 ? 'any' : affected;
}

function isDuring(at: number, from: number, forMs: number): boolean {
  return at >= from && at < from + forMs;
}

function unavailable({ service }: AwsCall): AwsError {
  const message = `${service} is not available`;
  return new AwsError({ code: 'ServiceUnavailableException', message, status: 503 });
}

function timedOut({ action }: AwsCall): Error {
  return Object.assign(new Error(`the answer to ${action} did not come in time`), { name: 'TimeoutError' });
}

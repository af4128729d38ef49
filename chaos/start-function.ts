import type { PostRequest, PostResult } from '../lambdas/send-delivery/ports.ts';
import type { FunctionSettings } from '../local/assembly/stack.ts';
import type { Calls } from '../local/calls.ts';
import { type Environment, TIMED_OUT } from './environment.ts';
import { createEnvironmentPorts } from './environment-ports.ts';
import type { Faults } from './faults.ts';
import type { FunctionCode } from './functions.ts';
import type { History } from './history.ts';
import { loadFunction } from './load-functions.ts';
import { createVirtualFunction, type VirtualFunction } from './virtual-function.ts';

export interface FunctionSurroundings {
  readonly calls: Calls;
  readonly code: FunctionCode;
  readonly faults: Faults;
  readonly history: History;
  readonly network: (request: PostRequest, by: string) => Promise<PostResult>;
  readonly now: () => number;
  readonly maximumEnvironments: number;
}

/** One of the stack's functions, with its environments, and what the story tells of them. */
export function startFunction(settings: FunctionSettings, of: FunctionSurroundings): VirtualFunction {
  const { history, faults, now } = of;
  const name = shortName(settings);
  const say = (text: string): void => {
    history.lines.push({ at: now(), text });
  };
  const touch = (touches: readonly string[], why: string): void => {
    for (const one of touches) history.touched.set(one, [...(history.touched.get(one) ?? []), why]);
  };

  const observe = (
    environment: Environment,
  ): Pick<Parameters<typeof loadFunction>[2], 'counters' | 'log'> => {
    const write = (text: string, fields: Record<string, unknown> = {}): void => {
      say(`${environment.name} logs: ${text} ${JSON.stringify(fields)}`);
      if (typeof fields.delivery_id === 'string') history.logLost.add(fields.delivery_id);
    };
    const count = (counter: string, value = 1): void => {
      history.counters.set(counter, (history.counters.get(counter) ?? 0) + value);
    };
    return { counters: { count }, log: { info: write, warn: write, error: write } };
  };

  return createVirtualFunction({
    settings,
    name,
    maximumEnvironments: of.maximumEnvironments,
    isThrottled: (touches) => faults.isThrottled(name, touches),
    watchRun: (environment) => faults.watchRun(environment),
    onEnd: (environment, end) => {
      if (end.kind === 'failed') say(`${environment.name} fails: ${end.type}: ${end.message}`);
      // A fault that killed it has told of it already.
      if (end.kind === 'failed' && end.message === TIMED_OUT)
        touch(environment.touches, 'its function timed out');
      if (environment.alive())
        touch([...environment.openPosts].flat(), 'its environment froze while it was sent');
    },
    load: (environment) => {
      const ports = createEnvironmentPorts({ ...of, environment, principal: settings.name });
      return loadFunction(of.code, settings, { ports, now, ...observe(environment) });
    },
  });
}

/** `dispatch-event`, `serve-api`, or the lane of a sender. */
export function shortName({ environment, name }: FunctionSettings): string {
  return environment.LANE ?? environment.POWERTOOLS_SERVICE_NAME ?? name;
}

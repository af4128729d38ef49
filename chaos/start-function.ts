import type { FunctionSettings } from '../local/assembly/stack.ts';
import type { Calls } from '../local/calls.ts';
import { type Environment, TIMED_OUT } from './environment.ts';
import { createEnvironmentPorts } from './environment-ports.ts';
import type { Faults } from './faults.ts';
import type { FunctionCode } from './functions.ts';
import { type History, touch } from './history.ts';
import { loadFunction } from './load-functions.ts';
import type { Network } from './network.ts';
import { createVirtualFunction, type VirtualFunction } from './virtual-function.ts';

/** What a sender logs of a record that it gave up on. */
export const LOG_LOST = 'a delivery went on, but its record could not be written';

export interface FunctionSurroundings {
  readonly calls: Calls;
  readonly code: FunctionCode;
  readonly faults: Faults;
  readonly history: History;
  readonly network: Network;
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
  const feels = (touches: readonly string[], what: string): void =>
    touch(history, touches, { at: now(), what });

  const observe = (
    environment: Environment,
  ): Pick<Parameters<typeof loadFunction>[2], 'counters' | 'log'> => {
    const write = (text: string, fields: Record<string, unknown> = {}): void => {
      // The timers of a dead one run on here; nobody hears of them.
      if (!environment.alive()) return;
      say(`${environment.name} logs: ${text} ${JSON.stringify(fields)}`);
      if (text === LOG_LOST && typeof fields.delivery_id === 'string')
        history.logLost.add(fields.delivery_id);
    };
    return { counters: { count: () => undefined }, log: { info: write, warn: write, error: write } };
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
        feels(environment.touches, 'its function timed out');
      if (environment.alive())
        feels([...environment.openPosts].flat(), 'its environment froze while it was sent');
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

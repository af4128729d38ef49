import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scenarios } from '../../chaos/generate/scenarios.ts';
import { factsOf } from '../../chaos/history.ts';
import { scaleDown } from '../../chaos/live/scale-down.ts';
import { scaleDownFault } from '../../chaos/live/scale-down-faults.ts';
import { runScenario } from '../../chaos/run-scenario.ts';
import type { Fault } from '../../local/faults/fault.ts';
import { createFaults } from '../../local/faults/fault-registry.ts';
import { setup } from './default-setup.ts';
import { ALL_TRIES_FAIL, callFault, delay, postFault, scenario } from './scenarios.ts';

describe('a scenario that is scaled down to real time', () => {
  it('has only faults that the local cloud can make happen', () => {
    const add = (fault: Fault) => {
      const faults = createFaults({
        stack: setup.stack,
        clock: { now: () => 0 },
        functionNamed: (name) => ({
          settings: setup.stack.functions.find((fn) => fn.name === name) ?? never(),
          acquire: async () => undefined,
          killEnvironment: async () => true,
        }),
        maximumEnvironments: 2,
        onFired: () => undefined,
      });
      faults.add(fault);
      faults.removeAll();
    };

    fc.assert(
      fc.property(scenarios(6), (random) => {
        for (const fault of scaleDown(random).faults) expect(() => add(fault)).not.toThrow();
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it.each<[string, Fault, readonly Fault[]]>([
    [
      'a failed call fails for all tries of the SDK',
      callFault('dynamodb:GetItem', 2, { do: 'fail' }, { do: 'cut' }),
      [callFault('dynamodb:GetItem', 2, { do: 'fail' }, { do: 'fail' }, { do: 'fail' }, { do: 'cut' })],
    ],
    [
      'at most three runs fail in a row',
      callFault('dynamodb:GetItem', 1, { do: 'fail' }, { do: 'fail' }, { do: 'fail' }, { do: 'fail' }),
      [callFault('dynamodb:GetItem', 1, { do: 'fail' }, ...Array<{ do: 'fail' }>(8).fill({ do: 'fail' }))],
    ],
    [
      'delays are shorter than the wait for an answer',
      callFault('dynamodb:GetItem', 1, delay(40_000)),
      [callFault('dynamodb:GetItem', 1, delay(1_000))],
    ],
    [
      'one kill remains of several',
      callFault('dynamodb:GetItem', 1, { do: 'kill_after' }, { do: 'kill_after' }),
      [callFault('dynamodb:GetItem', 1, { do: 'kill_after' })],
    ],
    [
      'a kill before a POST becomes a kill at about that time',
      postFault(3, 'kill_before'),
      [{ fault: 'kill', function: 'SendDelivery', afterMs: 3, when: { from: 3 } }],
    ],
    [
      'a throttled invocation becomes a concurrency limit',
      { fault: 'throttle', when: { from: 4 } },
      [{ fault: 'concurrency', function: 'DispatchEvent', limit: 0, forMs: 1_000 }],
    ],
    ['bus_cannot_send is removed', { fault: 'bus_cannot_send' }, []],
  ])('%s', (_, fault, scaled) => {
    expect(scaleDownFault(fault)).toEqual(scaled);
  });
});

describe('a kill in the simulated cloud', () => {
  it.each([
    // The dispatcher's run is the first one, and takes no time.
    ['counts the runs of all functions', {}, []],
    ['counts the runs of the function that it names', { function: 'FirstLane' }, ['sender']],
  ])('%s', async (_, named, roles) => {
    const kill: Fault = { fault: 'kill', ...named, afterMs: 0 };

    const { history } = await runScenario(scenario({ faults: [kill] }), setup);

    const killed = factsOf(history.facts, 'fault').map(({ caller }) => caller?.role);
    expect(killed).toEqual(roles);
  });
});

describe('a fault that the simulated cloud cannot make happen', () => {
  it.each<[Fault, string]>([
    [{ fault: 'concurrency', function: 'SendDelivery', limit: 0, forMs: 1 }, 'number of environments'],
    [{ fault: 'message_twice', second: 'parallel' }, 'after a number of ms'],
    [{ fault: 'post', effect: 'kill_open', by: 'SendDelivery' }, 'only senders make POSTs'],
    [{ ...callFault('kms:Decrypt', 1, ...ALL_TRIES_FAIL), on: 'NoTable' }, 'the queue or table "NoTable"'],
  ])('is refused with the reason: %o', async (fault, reason) => {
    await expect(runScenario(scenario({ faults: [fault] }), setup)).rejects.toThrow(reason);
  });
});

function never(): never {
  throw new Error('the stack has no such function');
}

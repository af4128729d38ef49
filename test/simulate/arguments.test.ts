import { describe, expect, it } from 'vitest';
import { readTask } from '../../simulate/arguments.ts';
import { BENCHMARK_LOAD } from '../../simulate/benchmark-load.ts';
import { DEPLOYED } from '../../simulate/parameters.ts';

describe('npm run simulate', () => {
  it('simulates the tables when no load is given', () => {
    expect(readTask([])).toEqual({ do: 'tables', style: 'text' });
    expect(readTask(['--markdown'])).toEqual({ do: 'tables', style: 'markdown' });
    expect(readTask(['--write'])).toEqual({ do: 'write' });
  });

  it('compares a load with the same load without hanging endpoints', () => {
    const task = readTask([
      ...['--rate', '200', '--endpoints', '100', '--hanging', '5', '--concurrency', '8'],
      ...['--pollers-per-minute', 'Infinity', '--retry-delays', '1,5', '--json'],
    ]);

    const pollers = { atStart: 5, perMinute: Number.POSITIVE_INFINITY };
    expect(task).toEqual({
      do: 'compare',
      json: true,
      parameters: {
        ...DEPLOYED,
        ...{ eventsPerSecond: 200, endpoints: 100, hangingShare: 0.05, retryDelaysSeconds: [1, 5] },
        ...{ settleSeconds: 60, measuredSeconds: 120 },
        dispatch: { ...DEPLOYED.dispatch, pollers },
        first: { ...DEPLOYED.first, maxConcurrency: 8, pollers },
        retry: { ...DEPLOYED.retry, pollers },
        slow: { ...DEPLOYED.slow, pollers },
      },
    });
  });

  it('gives the first lane provisioned pollers of ten batches each', () => {
    const task = readTask(['--first-lane-pollers', '20,60']);

    expect(task).toMatchObject({
      parameters: { first: { maxConcurrency: 600, pollers: { atStart: 200, perMinute: 1_000 } } },
    });
    expect(task).toMatchObject({ parameters: { slow: DEPLOYED.slow } });
  });

  it('gives a single queue the maximum concurrency of all lanes together', () => {
    const task = readTask(['--lanes', 'off', '--concurrency', '8', '--retry-concurrency', '2']);

    expect(task).toMatchObject({
      parameters: { lanes: false, first: { maxConcurrency: 8 + 3 * 2 + DEPLOYED.slow.maxConcurrency } },
    });
  });

  it('compares the load of the isolation benchmark, with changes', () => {
    expect(readTask(['--benchmark-load'])).toEqual({
      do: 'compare',
      parameters: BENCHMARK_LOAD,
      json: false,
    });
    expect(readTask(['--benchmark-load', '--hanging', '1', '--seed', '4'])).toMatchObject({
      parameters: { ...BENCHMARK_LOAD, hangingShare: 0.01, seed: 4 },
    });
  });

  it.each([
    [['--rate', 'many'], '--rate is "many"; expected: a number'],
    [['--rate', '-1'], 'argument is ambiguous'],
    [['--first-lane-pollers', '20'], 'expected: two numbers'],
    [['--lanes', 'no'], '--lanes is "no"; expected: on or off'],
    [['--speed', '3'], "Unknown option '--speed'"],
    [['--json'], '--json needs a load'],
  ])('refuses %j with the reason', (args, why) => {
    expect(() => readTask(args)).toThrow(why);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { loadStack } from '../../local/assembly/load-stack.ts';
import type { Stack } from '../../local/assembly/stack.ts';
import { createFunction, type LocalFunction } from '../../local/lambda/function.ts';
import { createLogGroup } from '../../local/lambda/log-group.ts';
import { createMeter } from '../../local/metering/meter.ts';
import { getAtt, lambdaFunction, queue, ref, role, writeAssembly } from '../support/assembly.ts';

const open: LocalFunction[] = [];
afterEach(() => Promise.all(open.splice(0).map((fn) => fn.close())));

async function load(settings: { logging?: object; mapping?: object }, source = ''): Promise<Stack> {
  const directory = await writeAssembly({
    bundles: { work: source },
    resources: {
      Jobs: queue(),
      workRole: role(),
      Work: lambdaFunction('work', settings.logging && { LoggingConfig: settings.logging }),
      Source: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { FunctionName: ref('Work'), EventSourceArn: getAtt('Jobs'), ...settings.mapping },
      },
    },
  });
  return loadStack(directory, {
    accountId: '000000000000',
    region: 'us-east-1',
    endpointUrl: 'http://127.0.0.1:1000',
    apiUrl: 'http://127.0.0.1:2000',
  });
}

describe('an event source mapping', () => {
  it.each([
    [{}, undefined],
    [{ ScalingConfig: { MaximumConcurrency: 7 } }, 7],
    [{ ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 30 } }, 300],
    [{ ProvisionedPollerConfig: {} }, 2_000],
  ])('with %j invokes at most %s at once', async (mapping, maximumConcurrency) => {
    const { mappings } = await load({ mapping });

    expect(mappings[0]?.maximumConcurrency).toBe(maximumConcurrency);
  });

  it('cannot have both a maximum concurrency and provisioned pollers, as on AWS', async () => {
    const both = {
      ScalingConfig: { MaximumConcurrency: 7 },
      ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 30 },
    };

    await expect(load({ mapping: both })).rejects.toThrow(
      'Source has both ScalingConfig and ProvisionedPollerConfig; Lambda takes one',
    );
  });
});

describe("a function's log", () => {
  const WRITES_ITS_LEVEL = `export const handler = async () => {
    const { AWS_LAMBDA_LOG_FORMAT: format, AWS_LAMBDA_LOG_LEVEL: level } = process.env;
    console.log(JSON.stringify({ format, level }));
  }`;

  async function linesOf(logging?: object): Promise<string[]> {
    const [settings] = (await load(logging === undefined ? {} : { logging }, WRITES_ITS_LEVEL)).functions;
    if (settings === undefined) throw new Error('the assembly contains one function');
    const meter = createMeter();
    const log = createLogGroup({ meterBytes: (bytes) => meter.logBytes(bytes) });
    const fn = createFunction({ settings, log, meter, maximumEnvironments: 1, runtimeVariables: {} });
    open.push(fn);
    await fn.invoke({}, 'request-1');
    await expect.poll(() => log.lines()).toContainEqual(expect.stringMatching(/^\{/));
    return log
      .lines()
      .map((line) => line.replace(/ .*/, ''))
      .toSorted();
  }

  it('has lines for each invocation with the format text, or with JSON and the system level INFO', async () => {
    expect(await linesOf()).toEqual(['END', 'REPORT', 'START', '{}']);
    expect(await linesOf({ LogFormat: 'JSON' })).toEqual([
      'END',
      'REPORT',
      'START',
      '{"format":"JSON","level":"INFO"}',
    ]);
  });

  it('has only the lines of the function with the system level WARN', async () => {
    const logging = { LogFormat: 'JSON', SystemLogLevel: 'WARN', ApplicationLogLevel: 'ERROR' };

    expect(await linesOf(logging)).toEqual(['{"format":"JSON","level":"ERROR"}']);
  });
});

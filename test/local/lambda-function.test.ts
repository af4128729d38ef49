import { afterEach, describe, expect, it } from 'vitest';
import { loadStack } from '../../local/assembly/load-stack.ts';
import { createFunction, type LocalFunction } from '../../local/lambda/function.ts';
import { createLogGroup } from '../../local/lambda/log-group.ts';
import { createMeter } from '../../local/metering/meter.ts';
import { lambdaFunction, role, writeAssembly } from '../support/assembly.ts';

/** Lambda's maximum. */
const TIMEOUT_SECONDS = 900;

const open: LocalFunction[] = [];
afterEach(() => Promise.all(open.splice(0).map((fn) => fn.close())));

async function start(
  source: string,
  options: { timeoutSeconds?: number; maximumEnvironments?: number } = {},
) {
  const directory = await writeAssembly({
    bundles: { work: source },
    resources: {
      workRole: role(),
      Work: lambdaFunction('work', {
        Timeout: options.timeoutSeconds ?? TIMEOUT_SECONDS,
        Environment: { Variables: { COLOUR: 'blue' } },
      }),
    },
  });
  const deployment = { accountId: '000000000000', region: 'us-east-1', endpointUrl: '', apiUrl: '' };
  const [settings] = (await loadStack(directory, deployment)).functions;
  if (settings === undefined) throw new Error('the assembly contains one function');
  const meter = createMeter();
  const log = createLogGroup({ meterBytes: (bytes) => meter.logBytes(bytes) });
  const fn = createFunction({
    settings,
    log,
    meter,
    maximumEnvironments: options.maximumEnvironments ?? 2,
    runtimeVariables: { AWS_REGION: 'us-east-1' },
  });
  open.push(fn);
  return { fn, log, meter };
}

const payloadOf = async (invocation: ReturnType<LocalFunction['invoke']>): Promise<unknown> => {
  const end = await invocation;
  return end.kind === 'returned' ? JSON.parse(end.payload) : end.error.errorType;
};

describe('a function', () => {
  it('gets its event, environment variables and context, and no environment variables of the host', async () => {
    const { fn } = await start(`export const handler = async (event, context) => ({
      event, colour: process.env.COLOUR, region: process.env.AWS_REGION, host: process.env.PATH,
      name: context.functionName, id: context.awsRequestId, left: context.getRemainingTimeInMillis(),
    })`);

    const answer = await payloadOf(fn.invoke({ n: 1 }, 'request-1'));

    expect(answer).toEqual({
      event: { n: 1 },
      colour: 'blue',
      region: 'us-east-1',
      name: 'Shop-Work',
      id: 'request-1',
      left: expect.toSatisfy((ms: number) => ms > 0 && ms <= TIMEOUT_SECONDS * 1_000),
    });
  });

  it('reuses an environment with the state of its module', async () => {
    const { fn } = await start('let runs = 0; export const handler = async () => ++runs');

    const answers = [await payloadOf(fn.invoke({})), await payloadOf(fn.invoke({}))];

    expect(answers).toEqual([1, 2]);
  });

  it('runs one event at a time in an environment, and at most the maximum number of environments', async () => {
    const { fn } = await start(
      `let now = 0, most = 0; export const handler = async () => {
        most = Math.max(most, ++now); await new Promise((resolve) => setTimeout(resolve, 20)); now--; return most;
      }`,
      { maximumEnvironments: 2 },
    );

    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => payloadOf(fn.invoke({}))));

    expect(answers).toEqual([1, 1, 1, 1, 1, 1]);
    expect(fn.environments()).toHaveLength(2);
  });

  it.each([
    ['throws', "export const handler = async () => { throw new TypeError('no') }", 'TypeError'],
    ['never loads', "throw new SyntaxError('no')", 'SyntaxError'],
    ['exports no handler', 'export const other = 1', 'Error'],
    ['ends its process', 'export const handler = async () => process.exit(3)', 'Runtime.ExitError'],
    [
      'leaves a rejection behind',
      'export const handler = () => new Promise(() => Promise.reject(new Error("x")))',
      'Runtime.ExitError',
    ],
  ])('fails the event if it %s', async (_what, source, errorType) => {
    const { fn } = await start(source);

    expect(await payloadOf(fn.invoke({}))).toBe(errorType);
  });

  it('is stopped at its timeout, and runs the next event in a new environment', async () => {
    const { fn } = await start(
      `let runs = 0; export const handler = async ({ hang }) => { runs++; if (hang) for (;;); return runs; }`,
      // The second event must end within this time, too.
      { timeoutSeconds: 3, maximumEnvironments: 1 },
    );

    const hung = await payloadOf(fn.invoke({ hang: true }));
    const next = await payloadOf(fn.invoke({ hang: false }));

    expect([hung, next]).toEqual(['Sandbox.Timedout', 1]);
  });

  it('fails its event if its environment is killed, and runs the next event in a new one', async () => {
    const { fn, log } = await start(
      `export const handler = async ({ wait }) => { if (wait) { console.log('waiting'); await new Promise(() => {}); } return 'done'; }`,
      { maximumEnvironments: 1 },
    );
    const killed = payloadOf(fn.invoke({ wait: true }));
    await expect.poll(() => log.lines()).toContain('waiting');

    await fn.killEnvironment();

    expect(await killed).toBe('Runtime.ExitError');
    expect(await payloadOf(fn.invoke({ wait: false }))).toBe('done');
  });

  it('starts a new environment if the idle one was killed', async () => {
    const { fn } = await start('let runs = 0; export const handler = async () => ++runs');
    await fn.invoke({});

    await fn.killEnvironment();

    expect(await payloadOf(fn.invoke({}))).toBe(1);
  });

  it('kills its environments one after another, and returns false if none is alive', async () => {
    const { fn } = await start('export const handler = () => new Promise((done) => setTimeout(done, 100))');
    await Promise.all([fn.invoke({}), fn.invoke({})]);

    const killed = [await fn.killEnvironment(), await fn.killEnvironment(), await fn.killEnvironment()];

    expect(killed).toEqual([true, true, false]);
  });

  it('writes its lines and a report of each invocation to its log', async () => {
    const { fn, log, meter } = await start(
      "export const handler = async () => { console.log('out'); console.error('err'); }",
    );

    await fn.invoke({}, 'request-1');
    await fn.invoke({}, 'request-2');

    await expect.poll(() => log.lines().filter((line) => line === 'out' || line === 'err')).toHaveLength(4);
    expect(log.lines()).toContainEqual(expect.stringContaining('REPORT RequestId: request-2'));
    const { functions, logBytes } = meter.snapshot();
    expect(functions).toEqual([
      expect.objectContaining({ functionName: 'Shop-Work', invocations: 2, coldStarts: 1 }),
    ]);
    expect(functions[0]?.gbSeconds).toBeGreaterThan(0);
    expect(logBytes).toBe(log.lines().join('').length);
  });

  it('gives a released slot to the event that has waited longest', async () => {
    const { fn } = await start("export const handler = async () => 'ran'", { maximumEnvironments: 1 });
    const held = await fn.acquire();
    const waiting = payloadOf(fn.invoke({}));

    held?.release();
    held?.release();

    expect(await waiting).toBe('ran');
  });

  it('fails the running event and ends all waiting when it is closed', async () => {
    const { fn } = await start('export const handler = () => new Promise(() => {})', {
      maximumEnvironments: 1,
    });
    const running = payloadOf(fn.invoke({}));
    const waiting = fn.acquire();

    await fn.close();

    expect(await running).toBe('Runtime.ExitError');
    expect(await waiting).toBeUndefined();
  });
});

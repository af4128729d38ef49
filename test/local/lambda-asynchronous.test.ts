import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AsynchronousSettings } from '../../local/assembly/stack.ts';
import { createAsynchronousInvocations, RETRY_WAITS_MS } from '../../local/lambda/asynchronous.ts';
import type { InvocationEnd } from '../../local/lambda/environment.ts';
import { arnOf, failed, functionOf, returned, sqsOf, urlOf } from '../support/lambda.ts';

const START = Date.parse('2026-11-23T12:00:00Z');
beforeEach(() => vi.useFakeTimers({ now: START }));
afterEach(() => {
  vi.useRealTimers();
});

function start(run: (runs: number) => InvocationEnd, settings: Partial<AsynchronousSettings> = {}) {
  const { engine, calls } = sqsOf([{ name: 'parked' }]);
  const runsAt: number[] = [];
  const problems: string[] = [];
  const fn = functionOf(
    () => {
      runsAt.push(Date.now() - START);
      return run(runsAt.length);
    },
    {
      maximumRetryAttempts: 2,
      maximumEventAgeMs: 21_600_000,
      onFailureQueueArn: arnOf('parked'),
      ...settings,
    },
  );
  const invocations = createAsynchronousInvocations({
    fn,
    calls,
    principal: 'work',
    queueUrlOf: (arn) => engine.queueByArn(arn)?.url,
    clock: { now: () => Date.now() },
    retryWaitsMs: RETRY_WAITS_MS,
    onProblem: (problem) => problems.push(problem),
  });
  const parked = () =>
    engine
      .receive({ queueUrl: urlOf('parked'), max: 10 })
      .map(({ message }): unknown => JSON.parse(message.body));
  return { invocations, runsAt, problems, parked, calls };
}

describe('an event that nobody waits for', () => {
  it('runs again after one and after two minutes when it fails, and no more once it succeeds', async () => {
    const { invocations, runsAt, parked } = start((runs) => (runs < 3 ? failed : returned(null)));

    invocations.accept({ n: 1 });
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect(runsAt).toEqual([0, 60_000, 180_000]);
    expect(parked()).toEqual([]);
  });

  it('goes to the on-failure destination as the record that Lambda would send', async () => {
    const { invocations, parked } = start(() => failed);

    invocations.accept({ n: 1 });
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect(parked()).toEqual([
      {
        version: '1.0',
        timestamp: '2026-11-23T12:03:00.000Z',
        requestContext: {
          requestId: expect.any(String),
          functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:work:$LATEST',
          condition: 'RetriesExhausted',
          approximateInvokeCount: 3,
        },
        requestPayload: { n: 1 },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: { errorType: 'Error', errorMessage: 'no', trace: [] },
      },
    ]);
  });

  it('is given up when it would be too old for its next run', async () => {
    const { invocations, runsAt, parked } = start(() => failed, { maximumEventAgeMs: 90_000 });

    invocations.accept({});
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect(runsAt).toEqual([0, 60_000]);
    expect(parked()).toMatchObject([{ requestContext: { condition: 'EventAgeExceeded' } }]);
  });

  it('is said to be lost when its destination refuses it', async () => {
    const { invocations, problems, calls } = start(() => failed, { maximumRetryAttempts: 0 });
    calls.use(() => Promise.reject(new Error('not authorized')));

    invocations.accept({});
    await vi.advanceTimersByTimeAsync(1);

    expect(problems).toEqual([expect.stringContaining('not authorized')]);
  });

  it('is forgotten when all stops', async () => {
    const { invocations, runsAt } = start(() => failed);

    invocations.accept({});
    await vi.advanceTimersByTimeAsync(1);
    invocations.stop();
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect(runsAt).toEqual([0]);
  });
});

import { randomUUID } from 'node:crypto';
import { type Clock, sleep } from '../../lambdas/shared/runtime/clock.ts';
import type { Calls } from '../calls.ts';
import type { Invocation, LocalFunction } from './function.ts';

/** Lambda waits one minute before the second run of an event that failed, two before the third. */
export const RETRY_WAITS_MS: readonly number[] = [60_000, 120_000];

/** Events that wait for nobody's answer: run, run again when they fail, and given to a queue in the end. */
export interface AsynchronousInvocations {
  /** Takes an event; what becomes of it is not told to the caller. */
  accept(event: unknown): void;
  /** Forgets what still waits. */
  stop(): void;
}

export interface AsynchronousDependencies {
  readonly fn: LocalFunction;
  readonly calls: Calls;
  /** The failure record is sent as the function itself, under its role. */
  readonly principal: string;
  readonly queueUrlOf: (arn: string) => string | undefined;
  readonly clock: Clock;
  /** Before each further run; the last one is used for all that come after it. */
  readonly retryWaitsMs: readonly number[];
  /** Told of an event that is lost, as Lambda's metrics would. */
  readonly onProblem: (problem: string) => void;
}

type Condition = 'RetriesExhausted' | 'EventAgeExceeded';

export function createAsynchronousInvocations(deps: AsynchronousDependencies): AsynchronousInvocations {
  const { fn, clock } = deps;
  const { maximumRetryAttempts, maximumEventAgeMs, onFailureQueueArn } = fn.settings.asynchronous;
  const stopping = new AbortController();
  const { signal } = stopping;

  const run = async (event: unknown): Promise<void> => {
    const requestId = randomUUID();
    const acceptedAt = clock.now();
    for (let runs = 1; !signal.aborted; runs++) {
      const slot = await fn.acquire(signal);
      if (slot === undefined) return;
      const invocation = await slot.invoke(event, requestId);
      if (invocation.kind === 'returned' || signal.aborted) return;
      if (runs > maximumRetryAttempts) return giveUp(event, invocation, runs, 'RetriesExhausted');
      const waitMs = deps.retryWaitsMs[runs - 1] ?? deps.retryWaitsMs.at(-1) ?? 0;
      if (clock.now() + waitMs - acceptedAt > maximumEventAgeMs) {
        return giveUp(event, invocation, runs, 'EventAgeExceeded');
      }
      await sleep(waitMs, signal);
    }
  };

  const giveUp = async (
    event: unknown,
    invocation: Extract<Invocation, { kind: 'failed' }>,
    runs: number,
    condition: Condition,
  ): Promise<void> => {
    const queueUrl = onFailureQueueArn === undefined ? undefined : deps.queueUrlOf(onFailureQueueArn);
    if (queueUrl === undefined) throw new Error('it has no on-failure destination');
    const record = {
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      requestContext: {
        requestId: invocation.requestId,
        functionArn: `${fn.settings.arn}:$LATEST`,
        condition,
        approximateInvokeCount: runs,
      },
      requestPayload: event,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: invocation.error,
    };
    const input = { QueueUrl: queueUrl, MessageBody: JSON.stringify(record) };
    await deps.calls.call({ principal: deps.principal, service: 'sqs', action: 'SendMessage', input });
  };

  return {
    stop: () => stopping.abort(),
    accept(event) {
      run(event).catch((error: unknown) => {
        deps.onProblem(`${fn.settings.name} lost an event that it could not handle: ${String(error)}`);
      });
    },
  };
}

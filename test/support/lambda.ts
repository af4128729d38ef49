import { type AwsCalls, createAwsCalls } from '../../local/aws-calls.ts';
import type { Slot } from '../../local/lambda/execution-slots.ts';
import type { LocalFunction } from '../../local/lambda/function.ts';
import type { InvocationEnd } from '../../local/lambda/function-worker.ts';
import { createSqsEngine, type SqsEngine } from '../../local/sqs/engine.ts';
import { createSqsService } from '../../local/sqs/service.ts';

export const ACCOUNT = '000000000000';

/** A queue service that uses `Date`, which a test may fake. */
export function sqsOf(queues: { name: string; delaySeconds?: number; visibilityTimeoutSeconds?: number }[]): {
  engine: SqsEngine;
  calls: AwsCalls;
} {
  const engine = createSqsEngine({ clock: { now: () => Date.now() } });
  for (const { name, delaySeconds = 0, visibilityTimeoutSeconds = 120 } of queues) {
    engine.createQueue({
      name,
      arn: arnOf(name),
      url: urlOf(name),
      delaySeconds,
      visibilityTimeoutSeconds,
      retentionSeconds: 3600,
    });
  }
  const unused = { call: () => Promise.reject(new Error('not part of this test')) };
  const services = { sqs: createSqsService(engine), dynamodb: unused, events: unused, kms: unused };
  return { engine, calls: createAwsCalls({ services, authorize: () => {}, meter: { awsCall: () => {} } }) };
}

export const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;
export const urlOf = (name: string): string => `http://127.0.0.1/${ACCOUNT}/${name}`;

/** A function without a worker thread. `run` returns its results. */
export function functionOf(run: (event: unknown) => InvocationEnd | Promise<InvocationEnd>): LocalFunction {
  const slot = (): Slot => ({
    release: () => {},
    invoke: async (event, requestId = 'request') => ({ ...(await run(event)), requestId, durationMs: 1 }),
  });
  return {
    settings: {
      logicalId: 'Work',
      name: 'work',
      arn: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:work`,
      directory: '',
      handler: 'index.handler',
      environment: {},
      memoryMb: 256,
      timeoutMs: 10_000,
      logGroupName: 'work',
      role: { name: 'role', policies: [] },
    },
    acquire: async () => slot(),
    invoke: (event, requestId) => slot().invoke(event, requestId),
    environments: () => [],
    killEnvironment: async () => false,
    close: async () => {},
  };
}

export const returned = (value: unknown): InvocationEnd => ({
  kind: 'returned',
  payload: JSON.stringify(value),
});
export const failed: InvocationEnd = {
  kind: 'failed',
  error: { errorType: 'Error', errorMessage: 'no', trace: [] },
};

import { describe, expect, it } from 'vitest';
import { countFailures } from '../../lambdas/shared/runtime/count-failures.ts';

function clientsThat(send: () => Promise<unknown>) {
  const counted: string[] = [];
  const client = { send };
  const clients = { dynamodb: client, sqs: client, kms: client };
  // The types of the SDK's clients accept one kind of command at a time.
  const deps = countFailures({
    ...(clients as never as Pick<Parameters<typeof countFailures>[0], 'dynamodb' | 'sqs' | 'kms'>),
    counters: { count: (name) => counted.push(name), measureLatency: () => undefined },
  });
  return { deps: deps as never as typeof clients, counted };
}

const failWith = (name: string) => async () => {
  throw Object.assign(new Error('failed'), { name });
};

describe('a failed call', () => {
  it.each(['dynamodb', 'sqs', 'kms'] as const)('of %s is counted, and fails', async (service) => {
    const { deps, counted } = clientsThat(failWith('ThrottlingException'));

    await expect(deps[service].send()).rejects.toThrow('failed');

    expect(counted).toEqual(['dependency_failed']);
  });

  it.each(['ConditionalCheckFailedException', 'AbortError'])(
    'is not counted when it reports a result, such as a failed condition, or when this side ended the call: %s',
    async (name) => {
      const { deps, counted } = clientsThat(failWith(name));

      await expect(deps.dynamodb.send()).rejects.toThrow('failed');

      expect(counted).toEqual([]);
    },
  );
});

describe('a call that succeeds', () => {
  it('has its result, and is not counted', async () => {
    const { deps, counted } = clientsThat(async () => 'result');

    expect(await deps.kms.send()).toBe('result');
    expect(counted).toEqual([]);
  });
});

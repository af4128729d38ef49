import { expect, it } from 'vitest';
import { answerErrors } from '../../lambdas/serve-api/middlewares/answer-errors.ts';

it('logs where an error of our own was thrown, without its message', async () => {
  const lines: Record<string, unknown>[] = [];
  const { onError } = answerErrors({
    info: () => undefined,
    warn: () => undefined,
    error: (_, fields = {}) => lines.push(fields),
  });
  const request = {
    error: new TypeError('a secret'),
    event: { route: { call: 'getWebhook' }, requestContext: { requestId: 'request-1' } },
  };

  await onError?.(request as unknown as Parameters<NonNullable<typeof onError>>[0]);

  expect(lines).toEqual([
    { call: 'getWebhook', request_id: 'request-1', why: 'TypeError', stack: expect.any(Array) },
  ]);
  expect(lines[0]?.stack).toContainEqual(expect.stringContaining('logged-errors.test.ts'));
});

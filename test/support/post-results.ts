import type { PostResult } from '../../lambdas/shared/http/post.ts';

/** The result of a POST with a response. */
export function answered(
  status: number,
  change: Partial<Extract<PostResult, { kind: 'answered' }>> = {},
): PostResult {
  return {
    kind: 'answered',
    status,
    body: '',
    bodyCut: false,
    durationMs: 20,
    reconnected: false,
    ...change,
  };
}

import type { PostRequest, PostResult } from '../../lambdas/shared/http/post.ts';
import { sleep } from '../../lambdas/shared/runtime/clock.ts';
import { requestHttpApi } from '../actions/http-api.ts';
import type { CloudAccess } from '../cloud-access.ts';
import type { Reply } from '../endpoints.ts';
import type { History } from '../history.ts';
import { HANG_MS, type Network, resultOf } from './network.ts';

/**
 * Invokes the API's function with the requests to the URL of the canary. `network` sends all others. No request to the canary
 * is in the history as `posted`: the checks are about the endpoints of customers.
 */
export function withCanary(
  network: Network,
  {
    canaryUrl,
    history,
    cloud,
  }: {
    readonly canaryUrl: string | undefined;
    readonly history: History;
    readonly cloud: () => Pick<CloudAccess, 'fn' | 'onApiResponse'>;
  },
): Network {
  const post = async ({ url, headers, body }: PostRequest): Promise<PostResult> => {
    const startedAt = Date.now();
    const answer = requestHttpApi(cloud(), 'serve-api', {
      method: 'POST',
      path: new URL(url).pathname,
      route: '$default',
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      body,
    });
    const received = await Promise.race([answer, sleep(HANG_MS)]);
    const reply: Reply =
      received === undefined
        ? { answer: 'hang', status: undefined, body: '' }
        : { answer: 'ok', status: received.status ?? 500, body: received.body };
    return resultOf(reply, Date.now() - startedAt);
  };
  return (request, caller) =>
    request.url === canaryUrl
      ? { post: history.nextPost(), result: post(request) }
      : network(request, caller);
}

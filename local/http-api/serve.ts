import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import type { Stack } from '../assembly/stack.ts';
import type { CloudWatch } from '../cloudwatch/cloudwatch.ts';
import type { Lambda } from '../lambda/service.ts';
import type { HttpApiServer } from './server.ts';

const API_GATEWAY = 'apigateway.amazonaws.com';

export interface ServeHttpApiDependencies {
  readonly api: HttpApiServer;
  readonly stack: Pick<Stack, 'httpApi'>;
  readonly lambda: Lambda;
  readonly clock: Clock;
  readonly meter: { httpApiRequest(bytes: number): void };
  readonly cloudwatch: Pick<CloudWatch, 'httpApiResponse'>;
  readonly accountId: string;
  readonly region: string;
}

/** Serves the stack's API. Invokes only functions whose permissions allow API Gateway to. No effect without an API. */
export function serveHttpApi(deps: ServeHttpApiDependencies): void {
  const { api, lambda, accountId, region } = deps;
  const settings = deps.stack.httpApi;
  if (settings === undefined) return;
  const { id, stageName, accessLog } = settings;
  const routeArn = (key: string): string =>
    `arn:aws:execute-api:${region}:${accountId}:${id}/${stageName}/${key.replace(' ', '')}`;
  api.serve({
    settings,
    accountId,
    clock: deps.clock,
    onResponse(response) {
      deps.meter.httpApiRequest(response.bytes);
      deps.cloudwatch.httpApiResponse({ apiId: id, stageName, ...response });
    },
    ...(accessLog === undefined ? {} : { accessLog: lambda.logGroup(accessLog.logGroupName) }),
    invoke: ({ key, functionArn }, event) =>
      lambda.mayInvoke(functionArn, API_GATEWAY, routeArn(key))
        ? lambda.invoke(functionArn, event)
        : undefined,
  });
}

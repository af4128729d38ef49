import { functionArns } from './read-functions.ts';
import { RESOURCE_TYPES } from './resource-types/index.ts';
import type { Resources } from './resources.ts';
import type { HttpApiSettings, RouteSettings } from './stack.ts';

/** Undefined for a stack without an API. Throws for more than one: the local cloud has one port for an API. */
export function readHttpApi(resources: Resources): HttpApiSettings | undefined {
  const [api, ...others] = resources.all(RESOURCE_TYPES.api);
  if (api === undefined) return undefined;
  if (others.length > 0)
    throw new Error('the local cloud serves one HTTP API; the template contains several');
  const [stage] = resources.all(RESOURCE_TYPES.stage);
  if (stage === undefined) throw new Error(`HTTP API ${api.logicalId} has no stage; add a $default stage`);

  const functionArn = functionArns(resources);
  const integrations = new Map(
    resources
      .all(RESOURCE_TYPES.integration)
      .map(({ ref, properties }) => [`integrations/${ref}`, properties]),
  );
  const routes = resources
    .all(RESOURCE_TYPES.route)
    .map(({ properties: { RouteKey, Target } }): RouteSettings => {
      const integration = integrations.get(Target);
      if (integration === undefined)
        throw new Error(`route ${RouteKey}: its target ${Target} is not in the template`);
      const { ThrottlingRateLimit, ThrottlingBurstLimit } = {
        ...stage.properties.DefaultRouteSettings,
        ...stage.properties.RouteSettings?.[RouteKey],
      };
      const isThrottled = ThrottlingRateLimit !== undefined && ThrottlingBurstLimit !== undefined;
      return {
        key: RouteKey,
        functionArn: functionArn(integration.IntegrationUri),
        timeoutMs: integration.TimeoutInMillis,
        ...(isThrottled
          ? { throttle: { ratePerSecond: ThrottlingRateLimit, burst: ThrottlingBurstLimit } }
          : {}),
      };
    });
  const accessLog = stage.properties.AccessLogSettings;
  return {
    id: api.ref,
    stageName: stage.properties.StageName,
    routes,
    ...(accessLog === undefined
      ? {}
      : { accessLog: { logGroupName: logGroupName(accessLog.DestinationArn), format: accessLog.Format } }),
  };
}

function logGroupName(arn: string): string {
  return arn.split(':')[6] ?? arn;
}

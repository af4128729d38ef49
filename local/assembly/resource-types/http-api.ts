import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type NamedResource, resourceType } from '../resource-type.ts';

const Throttling = {
  ThrottlingBurstLimit: z.number().optional(),
  ThrottlingRateLimit: z.number().optional(),
  DetailedMetricsEnabled: z.unknown().optional(),
};

export const api = resourceType({
  type: 'AWS::ApiGatewayV2::Api',
  properties: z.strictObject({
    Name: z.string(),
    ProtocolType: z.literal('HTTP'),
    Description: z.unknown().optional(),
    DisableExecuteApiEndpoint: z.literal(false).optional(),
    Tags: z.unknown().optional(),
  }),
  ref: shortId,
  attributes: { ApiEndpoint: ({ deployment }) => deployment.apiUrl, ApiId: shortId },
});

export const stage = resourceType({
  type: 'AWS::ApiGatewayV2::Stage',
  properties: z.strictObject({
    ApiId: z.string(),
    StageName: z.literal('$default'),
    AutoDeploy: z.literal(true),
    DefaultRouteSettings: z.strictObject(Throttling).optional(),
    RouteSettings: z.record(z.string(), z.strictObject(Throttling)).optional(),
    AccessLogSettings: z.strictObject({ DestinationArn: z.string(), Format: z.string() }).optional(),
    Description: z.unknown().optional(),
    Tags: z.unknown().optional(),
  }),
  ref: () => '$default',
  attributes: {},
});

export const integration = resourceType({
  type: 'AWS::ApiGatewayV2::Integration',
  properties: z.strictObject({
    ApiId: z.string(),
    IntegrationType: z.literal('AWS_PROXY'),
    IntegrationUri: z.string(),
    PayloadFormatVersion: z.literal('2.0'),
    TimeoutInMillis: z.number().min(50).max(30_000).default(30_000),
    Description: z.unknown().optional(),
  }),
  ref: shortId,
  attributes: { IntegrationId: shortId },
});

export const route = resourceType({
  type: 'AWS::ApiGatewayV2::Route',
  properties: z.strictObject({
    ApiId: z.string(),
    RouteKey: z.string(),
    Target: z.string(),
    AuthorizationType: z.literal('NONE').optional(),
  }),
  ref: shortId,
  attributes: { RouteId: shortId },
});

/** An id of ten characters, as API Gateway's. It depends only on the name. */
function shortId({ name }: NamedResource): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 10);
}

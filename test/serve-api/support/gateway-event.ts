import { gunzipSync } from 'node:zlib';
import type { Context } from 'aws-lambda';
import type { ApiEvent } from '../../../lambdas/serve-api/api-event.ts';
import type { GatewayResult } from '../../../lambdas/serve-api/response.ts';
import { ROUTES, type Route } from '../../../lambdas/serve-api/routes.ts';
import { NOW } from '../../support/builders.ts';
import type { Answer } from './open-api-contract.ts';

export const API_HOST = 'api.operator.example';

/**
 * How a gateway handles a percent-encoded path, which AWS does not document. `sent`: it matches routes with the path as
 * sent, and passes the decoded path to the function. `decoded`: it also matches routes with the decoded path. `raw`: it
 * decodes nothing. Users of AWS report that the function receives a decoded path.
 */
export type GatewayRouting = 'sent' | 'decoded' | 'raw';

export interface CallOptions {
  readonly json?: unknown;
  readonly raw?: string;
  readonly isBase64Encoded?: boolean;
  /** Headers with an undefined value are left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Host name in the URL of the request. @default API_HOST */
  readonly host?: string;
  /** @default 'sent' */
  readonly gateway?: GatewayRouting;
}

/** The event of a request, as the gateway creates it. */
export function gatewayEvent(method: string, path: string, options: CallOptions): ApiEvent {
  const { gateway = 'sent' } = options;
  const matched = matchRoute(method, gateway === 'decoded' ? decodePath(path) : path);
  const routeKey = matched === undefined ? '$default' : `${method} ${matched.route.path}`;
  const body = options.json === undefined ? options.raw : JSON.stringify(options.json);
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...options.headers,
  };
  return {
    version: '2.0',
    routeKey,
    rawPath: gateway === 'raw' ? path : decodePath(path),
    rawQueryString: new URLSearchParams(options.query).toString(),
    headers: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    ...(options.query === undefined ? {} : { queryStringParameters: options.query }),
    ...(matched === undefined ? {} : { pathParameters: decodeAll(matched.parameters) }),
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: options.isBase64Encoded ?? false,
    requestContext: {
      accountId: '111111111111',
      apiId: 'api',
      domainName: options.host ?? API_HOST,
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey,
      stage: '$default',
      time: '15/Jan/2026:10:30:00 +0000',
      timeEpoch: NOW,
    },
  };
}

/** The route whose call gave the answer; undefined for a 404 or 405 of the routing itself. */
export function routeOfAnswer(
  method: string,
  path: string,
  { status }: Answer,
  { gateway = 'sent' }: CallOptions,
): Route | undefined {
  const matched = matchRoute(method, gateway === 'decoded' ? decodePath(path) : path);
  if (matched !== undefined) return matched.route;
  return status === 404 || status === 405 ? undefined : matchRoute(method, decodePath(path))?.route;
}

/** As in the gateway, a literal path takes precedence over one with a parameter. */
function matchRoute(method: string, path: string) {
  const candidates = [...ROUTES].sort((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')));
  for (const route of candidates) {
    const pattern = new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    const match = pattern.exec(path);
    if (route.method === method && match !== null) return { route, parameters: { ...match.groups } };
  }
  return undefined;
}

function decodeAll(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, decodePath(value)]));
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The API does not read the context. */
export const UNUSED_CONTEXT: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'serve-api',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:serve-api',
  memoryLimitInMB: '256',
  awsRequestId: 'request-1',
  logGroupName: 'log',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 10_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

/** What a client reads, when it has decompressed the answer. */
export function textOf({ body, headers, isBase64Encoded = false }: GatewayResult): string {
  if (!isBase64Encoded) return body;
  const bytes = Buffer.from(body, 'base64');
  return (headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
}

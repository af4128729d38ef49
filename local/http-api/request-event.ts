import type { IncomingMessage } from 'node:http';
import { decodePercent } from '../read-request.ts';

/** The parts of a request that its event contains. */
export interface GatewayRequest
  extends Pick<IncomingMessage, 'method' | 'url' | 'httpVersion' | 'headersDistinct'> {
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** Further values for the event of a request. */
export interface RequestDetails {
  readonly accountId: string;
  readonly apiId: string;
  readonly stageName: string;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly body: Buffer;
}

/** Content types whose bodies are passed as text. All others, including forms, are passed as base64. */
const TEXT = /^(text\/.*|application\/(json|javascript|xml|.*\+json|.*\+xml))$/i;

/**
 * Converts a request to API Gateway's payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function requestEvent(request: GatewayRequest, details: RequestDetails): Record<string, unknown> {
  const { path, rawPath, rawQueryString } = splitUrl(request.url ?? '/');
  const { cookie, ...headers } = joinHeaders(request);
  const query = new URLSearchParams(rawQueryString);
  const isText = TEXT.test(headers['content-type']?.split(';', 1)[0]?.trim() ?? '');
  const { body } = details;
  const domainName = headers.host ?? '';
  return {
    version: '2.0',
    routeKey: details.routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    headers,
    ...(query.size === 0 ? {} : { queryStringParameters: joinQuery(query) }),
    ...(details.pathParameters === undefined ? {} : { pathParameters: decodeAll(details.pathParameters) }),
    requestContext: {
      accountId: details.accountId,
      apiId: details.apiId,
      domainName,
      domainPrefix: domainName.split('.', 1)[0],
      http: {
        method: request.method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: details.requestId,
      routeKey: details.routeKey,
      stage: details.stageName,
      time: accessTime(details.now),
      timeEpoch: details.now,
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

export function splitUrl(url: string): { path: string; rawPath: string; rawQueryString: string } {
  const [rawPath = '/', ...query] = url.split('?');
  return { rawPath, path: decodePercent(rawPath), rawQueryString: query.join('?') };
}

/** `03/Jul/2026:12:00:00 +0000`, the time format of access logs. */
export function accessTime(milliseconds: number): string {
  const [, day, month, year, time] = new Date(milliseconds).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

/** Joins the values of each header with commas, and those of `cookie` with semicolons. */
function joinHeaders(request: GatewayRequest): Record<string, string> {
  const entries = Object.entries(request.headersDistinct);
  return Object.fromEntries(
    entries.map(([name, values = []]) => [name, values.join(name === 'cookie' ? '; ' : ',')]),
  );
}

function joinQuery(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]));
}

function decodeAll(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, decodePercent(value)]));
}

import type { IncomingMessage } from 'node:http';
import { accessTime, splitUrl } from './request-event.ts';

export interface Access {
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly routeKey: string;
  readonly stageName: string;
  readonly apiId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly now: number;
  readonly status: number;
  readonly responseLength: number;
}

const VARIABLE = /\$context\.([A-Za-z.]*[A-Za-z])/g;

/** Formats a line of the access log. A variable without a value is `-`, as in API Gateway. */
export function formatAccess(format: string, access: Access): string {
  const { request } = access;
  const latency = String(access.now - access.startedAt);
  const values = new Map([
    ['apiId', access.apiId],
    ['domainName', request.headers.host ?? '-'],
    ['httpMethod', request.method ?? '-'],
    ['identity.sourceIp', request.socket.remoteAddress ?? '-'],
    ['identity.userAgent', request.headers['user-agent'] ?? '-'],
    ['integrationLatency', latency],
    ['path', splitUrl(request.url ?? '/').rawPath],
    ['protocol', `HTTP/${request.httpVersion}`],
    ['requestId', access.requestId],
    ['requestTime', accessTime(access.startedAt)],
    ['requestTimeEpoch', String(access.startedAt)],
    ['responseLatency', latency],
    ['responseLength', String(access.responseLength)],
    ['routeKey', access.routeKey],
    ['stage', access.stageName],
    ['status', String(access.status)],
  ]);
  return format.replace(VARIABLE, (_match, name: string) => values.get(name) ?? '-');
}

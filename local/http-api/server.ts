import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Clock, sleep } from '../../lambdas/shared/runtime/clock.ts';
import type { HttpApiSettings, RouteSettings } from '../assembly/stack.ts';
import type { Invocation } from '../lambda/execution-slots.ts';
import type { LogGroup } from '../lambda/log-group.ts';
import { readBody } from '../read-request.ts';
import { formatAccess } from './access-log.ts';
import { requestEvent, splitUrl } from './request-event.ts';
import { gatewayResponse, type HttpResponse, readResponse } from './response.ts';
import { createRouter } from './routes.ts';
import { createThrottle } from './throttle.ts';

/** HTTP API quotas: the body, and the request line with all headers. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MAX_HEADER_BYTES = 10_240;
const HOST = '127.0.0.1';
const KEEP_ALIVE_MS = 120_000;

/** Listens before it serves an API, because the API's URL is a value of the template. */
export interface HttpApiServer {
  readonly url: string;
  readonly port: number;
  serve(deps: HttpApiDependencies): void;
  close(): Promise<void>;
}

export interface HttpApiDependencies {
  readonly settings: HttpApiSettings;
  readonly accountId: string;
  readonly clock: Clock;
  /** Runs the route's function; undefined if API Gateway may not invoke it. */
  readonly invoke: (route: RouteSettings, event: unknown) => Promise<Invocation> | undefined;
  readonly accessLog?: LogGroup;
  /** Called with each response. `bytes`: of the bodies of the request and the response. */
  readonly onResponse: (response: { status: number; latencyMs: number; bytes: number }) => void;
}

/** `body`: undefined if it is too large. */
type Handle = (request: IncomingMessage, body: Buffer | undefined) => Promise<HttpResponse>;

/** Listens on loopback. `port`: 0 for a free port. Responds with 503 until it serves an API. */
export async function startHttpApiServer(port = 0): Promise<HttpApiServer> {
  let handle: Handle = async () => gatewayResponse(503, 'Service Unavailable');
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    readBody(request, MAX_BODY_BYTES)
      .then((body) => handle(request, body))
      .then((answer) => write(response, answer))
      // Includes a response that is invalid in HTTP, such as a line break in a header.
      .catch(() => write(response, gatewayResponse(500, 'Internal Server Error')));
  });
  // Above the default of 5 s: a client may send on an idle connection while the server closes it.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, HOST, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the HTTP API server has no port');
  return {
    port: address.port,
    url: `http://${HOST}:${address.port}`,
    serve(deps) {
      handle = createHandle(deps);
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function createHandle(deps: HttpApiDependencies): Handle {
  const { settings, clock } = deps;
  const findRoute = createRouter(settings.routes);
  const throttles = new Map(
    settings.routes.map(({ key, throttle }) => [
      key,
      throttle === undefined ? () => true : createThrottle(throttle, clock),
    ]),
  );

  const answer = async (
    request: IncomingMessage,
    body: Buffer,
    requestId: string,
  ): Promise<[string, HttpResponse]> => {
    const match = findRoute(request.method ?? 'GET', splitUrl(request.url ?? '/').rawPath);
    if (match === undefined) return ['-', gatewayResponse(404, 'Not Found')];
    const { route, pathParameters } = match;
    if (throttles.get(route.key)?.() === false) return [route.key, gatewayResponse(429, 'Too Many Requests')];
    const event = requestEvent(request, {
      accountId: deps.accountId,
      apiId: settings.id,
      stageName: settings.stageName,
      routeKey: route.key,
      pathParameters,
      requestId,
      now: clock.now(),
      body,
    });
    return [route.key, await invoke(deps, route, event)];
  };

  return async (request, body) => {
    const requestId = randomUUID();
    const startedAt = clock.now();
    const [routeKey, found] =
      body === undefined
        ? ['-', gatewayResponse(413, 'Request Too Long')]
        : await answer(request, body, requestId);
    const bytes = (body?.length ?? 0) + found.body.length;
    deps.onResponse({ status: found.status, latencyMs: clock.now() - startedAt, bytes });
    deps.accessLog?.write(
      formatAccess(settings.accessLog?.format ?? '', {
        request,
        requestId,
        routeKey,
        stageName: settings.stageName,
        apiId: settings.id,
        startedAt,
        now: clock.now(),
        status: found.status,
        responseLength: found.body.length,
      }),
    );
    return { ...found, headers: { ...found.headers, 'apigw-requestid': requestId } };
  };
}

async function invoke(
  deps: HttpApiDependencies,
  route: RouteSettings,
  event: unknown,
): Promise<HttpResponse> {
  const giveUp = new AbortController();
  const late = sleep(route.timeoutMs, giveUp.signal).then((): 'late' => 'late');
  try {
    const invocation = await Promise.race([deps.invoke(route, event), late]);
    if (invocation === 'late') return gatewayResponse(503, 'Service Unavailable');
    const hasReturned = invocation?.kind === 'returned';
    return (
      (hasReturned ? readResponse(invocation.payload) : undefined) ??
      gatewayResponse(500, 'Internal Server Error')
    );
  } finally {
    giveUp.abort('answered');
  }
}

function write(response: ServerResponse, { status, headers, cookies, body }: HttpResponse): void {
  response.writeHead(status, {
    ...headers,
    ...(cookies.length === 0 ? {} : { 'set-cookie': [...cookies] }),
    'content-length': body.length,
  });
  response.end(body);
}

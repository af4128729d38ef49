import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Clock, sleep } from '../../lambdas/shared/runtime/clock.ts';
import type { HttpApiSettings, RouteSettings } from '../assembly/stack.ts';
import type { Invocation } from '../lambda/function.ts';
import type { LogGroup } from '../lambda/log-group.ts';
import { formatAccess } from './access-log.ts';
import { requestEvent, splitUrl } from './request-event.ts';
import { gatewayAnswer, type HttpAnswer, readResponse } from './response.ts';
import { createRouter } from './routes.ts';
import { createThrottle } from './throttle.ts';

/** HTTP API quotas: the body, and the request line with all headers. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MAX_HEADER_BYTES = 10_240;
const HOST = '127.0.0.1';
const KEEP_ALIVE_MS = 120_000;

/** A port that listens before it knows its API: the API's address is part of what the API is made of. */
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
  /** Runs the route's function; undefined when API Gateway may not invoke it. */
  readonly invoke: (route: RouteSettings, event: unknown) => Promise<Invocation> | undefined;
  readonly accessLog?: LogGroup;
  readonly meterRequest: (bytes: number) => void;
}

type Handle = (request: IncomingMessage, body: Buffer | 'too large') => Promise<HttpAnswer>;

/** Listens on loopback, on a free port or the given one. Until it serves an API it answers 503. */
export async function startHttpApiServer(port = 0): Promise<HttpApiServer> {
  let handle: Handle = async () => gatewayAnswer(503, 'Service Unavailable');
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    readBody(request)
      .then((body) => handle(request, body))
      .then((answer) => write(response, answer))
      // Also for an answer that HTTP cannot carry, such as a line break in a header.
      .catch(() => write(response, gatewayAnswer(500, 'Internal Server Error')));
  });
  // Far above the default of 5 s: a client may reuse an idle connection at the moment that the server closes it.
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
  ): Promise<[string, HttpAnswer]> => {
    const match = findRoute(request.method ?? 'GET', splitUrl(request.url ?? '/').rawPath);
    if (match === undefined) return ['-', gatewayAnswer(404, 'Not Found')];
    const { route, pathParameters } = match;
    if (throttles.get(route.key)?.() === false) return [route.key, gatewayAnswer(429, 'Too Many Requests')];
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
      body === 'too large'
        ? ['-', gatewayAnswer(413, 'Request Too Long')]
        : await answer(request, body, requestId);
    deps.meterRequest(body.length + found.body.length);
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

async function invoke(deps: HttpApiDependencies, route: RouteSettings, event: unknown): Promise<HttpAnswer> {
  const giveUp = new AbortController();
  const late = sleep(route.timeoutMs, giveUp.signal).then((): 'late' => 'late');
  try {
    const invocation = await Promise.race([deps.invoke(route, event), late]);
    if (invocation === 'late') return gatewayAnswer(503, 'Service Unavailable');
    const isAnswer = invocation?.kind === 'returned';
    return (
      (isAnswer ? readResponse(invocation.payload) : undefined) ?? gatewayAnswer(500, 'Internal Server Error')
    );
  } finally {
    giveUp.abort('answered');
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer | 'too large'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? 'too large' : Buffer.concat(chunks);
}

function write(response: ServerResponse, { status, headers, cookies, body }: HttpAnswer): void {
  response.writeHead(status, {
    ...headers,
    ...(cookies.length === 0 ? {} : { 'set-cookie': [...cookies] }),
    'content-length': body.length,
  });
  response.end(body);
}

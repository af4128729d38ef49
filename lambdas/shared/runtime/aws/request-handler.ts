import type { ClientRequest, IncomingMessage, Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { HttpHandlerOptions, HttpRequest, HttpResponse } from '@smithy/types';

/** CloudTrail shows it. */
const USER_AGENT = 'webhook-fanout';

export interface RequestHandlerOptions {
  /** Connections to one host at the same time. Further calls wait, and their timeout includes this wait. */
  readonly maxSockets: number;
  /** A new connection, TLS included, must be open within this time. */
  readonly connectTimeoutMs: number;
  /** The response must be complete within this time. */
  readonly timeoutMs: number;
  /** Certificate authority, in PEM, for tests and benchmarks. @default Node's own */
  readonly ca?: string;
}

/** The SDK's interface of HTTP clients. */
export interface RequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: HttpRequest, options?: HttpHandlerOptions): Promise<{ response: HttpResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): object;
  destroy(): void;
}

/**
 * Sends the SDK's requests over kept connections. It does less for each of them than the SDK's own handler: it needs one
 * timer, and returns the body of a response as bytes instead of a stream. It retries nothing. The SDK does that, also when
 * the other side had closed a kept connection.
 */
export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  const { maxSockets, ca } = options;
  const secureAgent = new SecureAgent({ keepAlive: true, maxSockets, ...(ca === undefined ? {} : { ca }) });
  let plainAgent: PlainAgent | undefined;

  const start = (request: HttpRequest, body: string | Uint8Array): ClientRequest => {
    const { hostname, port, method, path } = request;
    const target = { host: hostname, port, method, path, headers: headersOf(request, body) };
    if (request.protocol === 'https:') return secureRequest({ ...target, agent: secureAgent });
    // Only the local cloud. An import of this module loads a WebSocket client, which adds 25 ms to each cold start.
    const http = process.getBuiltinModule('node:http');
    plainAgent ??= new http.Agent({ keepAlive: true, maxSockets });
    return http.request({ ...target, agent: plainAgent });
  };

  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async (request, { abortSignal } = {}) => {
      const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
      if (signal?.aborted) throw abortError();
      const body: string | Uint8Array = request.body ?? '';
      const call = exchange(start(request, body), body);
      const limitConnecting = (socket: Socket): void => {
        if (!socket.connecting) return;
        const why = `no connection within ${options.connectTimeoutMs} ms`;
        const limit = setTimeout(() => call.stop(timeoutError(request, why)), options.connectTimeoutMs);
        const end = (): void => clearTimeout(limit);
        socket.once(request.protocol === 'https:' ? 'secureConnect' : 'connect', end);
        socket.once('close', end);
      };
      const why = `no complete response within ${options.timeoutMs} ms`;
      const limit = setTimeout(() => call.stop(timeoutError(request, why)), options.timeoutMs);
      const abort = (): void => call.stop(abortError());
      signal?.addEventListener('abort', abort, { once: true });
      call.sent.once('socket', limitConnecting);
      try {
        return { response: await call.response };
      } finally {
        clearTimeout(limit);
        signal?.removeEventListener('abort', abort);
      }
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => {
      secureAgent.destroy();
      plainAgent?.destroy();
    },
  };
}

/** The headers as a flat list, which Node writes without a check and a copy of each name. */
function headersOf({ headers }: HttpRequest, body: string | Uint8Array): string[] {
  const list = ['user-agent', USER_AGENT, 'content-length', String(Buffer.byteLength(body))];
  for (const name in headers) list.push(name, headers[name] ?? '');
  // For X-Ray, and for Lambda's detection of loops. No signature contains this header.
  const trace = process.env._X_AMZN_TRACE_ID;
  if (trace) list.push('x-amzn-trace-id', trace);
  return list;
}

interface Exchange {
  readonly sent: ClientRequest;
  readonly response: Promise<HttpResponse>;
  /** Closes the connection and rejects with this error. */
  stop(error: Error): void;
}

function exchange(sent: ClientRequest, body: string | Uint8Array): Exchange {
  const { promise: response, resolve, reject } = Promise.withResolvers<HttpResponse>();
  sent.on('error', reject);
  sent.once('response', (received) => collect(received, resolve, reject));
  sent.end(body);
  return {
    sent,
    response,
    stop: (error) => {
      // Rejected first: `destroy` makes the response report another error.
      reject(error);
      sent.destroy();
    },
  };
}

function collect(
  response: IncomingMessage,
  resolve: (response: HttpResponse) => void,
  reject: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('error', reject);
  response.once('end', () => {
    const [first = Buffer.alloc(0)] = chunks;
    const { statusCode = 0, statusMessage: reason = '' } = response;
    const body = chunks.length > 1 ? Buffer.concat(chunks) : first;
    resolve({ statusCode, reason, headers: textHeaders(response), body });
  });
}

/** Only `set-cookie` is a list, and AWS sends none. */
function textHeaders({ headers }: IncomingMessage): HttpResponse['headers'] {
  const texts: HttpResponse['headers'] = {};
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === 'string') texts[name] = value;
  }
  return texts;
}

/** The SDK retries errors with this name. */
function timeoutError({ hostname }: HttpRequest, why: string): Error {
  return namedError('TimeoutError', `${hostname}: ${why}`);
}

/** The SDK does not retry errors with this name. */
function abortError(): Error {
  return namedError('AbortError', 'the call was aborted');
}

function namedError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

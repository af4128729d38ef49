import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { createServeConsole } from '../../lambdas/serve-console/factory.ts';
import type { StaticFiles } from '../../lambdas/serve-console/static-files.ts';
import { CONSOLE_PATH } from '../../lambdas/shared/domain/console-paths.ts';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import { explain } from '../shared/explain.ts';
import { createGuard } from './guard.ts';
import { OPERATOR_PATH, type OperatorApi } from './operator-api.ts';
import { passOn } from './pass-on.ts';
import { Refused, refuse } from './refusals.ts';

/** The server listens on no other address: it has the rights of the operator's AWS credentials. */
const HOST = '127.0.0.1';
const API_PATH = '/v1/';
const START_PATH = `${CONSOLE_PATH}/operator/accounts`;
/** 192 bits. */
const TOKEN_BYTES = 24;
/** The API accepts 256 KiB. */
const MAX_BODY_BYTES = 256 * 1024;

export interface ConsoleServer {
  /** The first screen, with the token in its fragment. */
  readonly url: string;
  /** Closes open connections, too. */
  close(): Promise<void>;
}

export interface ConsoleServerDeps {
  /** 0: any free port. */
  readonly port: number;
  readonly files: StaticFiles;
  /** The deployment's API. */
  readonly apiUrl: string;
  readonly keyOf: (accountId: AccountId) => Promise<string>;
  readonly operatorApi: OperatorApi;
  /** Whether calls of the API that may change something are refused. */
  readonly readOnly: boolean;
}

interface Reply {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/** Serves the console, the deployment's API for the chosen account, and the operators' API, to this machine's browser. */
export async function startConsoleServer(deps: ConsoleServerDeps): Promise<ConsoleServer> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(deps.port, HOST, resolve);
  });
  const bound = server.address();
  const host = `${HOST}:${typeof bound === 'object' && bound !== null ? bound.port : deps.port}`;
  const origin = `http://${host}`;
  const guard = createGuard({ host, token });
  const serveFile = createServeConsole(deps.files, { embeddedBy: [] });

  const answer = async (request: IncomingMessage): Promise<Reply> => {
    const { method = 'GET', headers } = request;
    const misdirected = guard.checkHost({ method, headers });
    if (misdirected !== undefined) return problem(misdirected.status, misdirected.detail);
    const address = request.url ?? '/';
    if (!URL.canParse(address, origin)) refuse(400, 'the address is not valid');
    const { pathname, searchParams, search } = new URL(address, origin);
    if (pathname === '/') return { status: 302, headers: { location: CONSOLE_PATH }, body: '' };
    if (pathname === CONSOLE_PATH || pathname.startsWith(`${CONSOLE_PATH}/`)) {
      return fileReply(serveFile, method, pathname, headers);
    }
    const guarded = guard.check({ method, headers });
    if (!guarded.ok) return problem(guarded.status, guarded.detail);
    const body = await readBody(request);
    if (pathname.startsWith(OPERATOR_PATH)) {
      const input = { method, path: pathname, query: searchParams, body: readJson(headers, body) };
      return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(await deps.operatorApi(input)) };
    }
    if (!pathname.startsWith(API_PATH)) refuse(404, 'there is nothing at this address');
    const { accountId } = guarded;
    if (accountId === undefined) refuse(400, 'choose an account first');
    if (deps.readOnly && method !== 'GET' && method !== 'HEAD') {
      return problem(
        403,
        'this console was started with --read-only',
        'urn:webhook-fanout:problem:read-only',
      );
    }
    const reply = await passOn(
      { method, path: `${pathname}${search}`, headers, body },
      { apiUrl: deps.apiUrl, key: () => deps.keyOf(accountId) },
    );
    // The page would read a 401 as a refusal of its own token.
    return reply.status === 401 ? problem(502, 'the API refused the key that this command created') : reply;
  };

  server.on('request', (request, response) => {
    answer(request)
      .catch((error: unknown) => {
        if (error instanceof Refused) return problem(error.status, error.message);
        return problem(502, explain(error));
      })
      .then((reply) => send(response, reply))
      // Only a broken connection causes this: no response can be sent.
      .catch(() => response.destroy());
  });
  return {
    url: `${origin}${START_PATH}#operator=${token}${deps.readOnly ? '&read_only=1' : ''}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const JSON_HEADERS = { 'content-type': 'application/json' };

/** The files' own headers have the Content-Security-Policy. */
function fileReply(
  serveFile: ReturnType<typeof createServeConsole>,
  method: string,
  rawPath: string,
  headers: IncomingMessage['headers'],
): Reply {
  const { 'accept-encoding': encoding, 'if-none-match': version } = headers;
  const answer = serveFile({
    rawPath,
    headers: { 'accept-encoding': encoding?.toString(), 'if-none-match': version },
    requestContext: { http: { method } },
  });
  const { 'strict-transport-security': _, ...others } = answer.headers;
  return {
    status: answer.statusCode,
    headers: others,
    body: answer.isBase64Encoded ? Buffer.from(answer.body, 'base64') : answer.body,
  };
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, {
    'cache-control': 'no-store',
    // No page of another origin may load a response, not even as a script or an image.
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(body);
}

/** A problem in the API's format (RFC 9457). */
function problem(status: number, detail: string, type = 'about:blank'): Reply {
  const title = status >= 500 ? 'The request to AWS failed' : 'The console refused the request';
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({ type, title, status, detail }),
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) refuse(413, `the body must have at most ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function readJson(headers: IncomingMessage['headers'], body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (!/^application\/json\b/.test(headers['content-type'] ?? ''))
    refuse(415, 'the body must be application/json');
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return refuse(400, 'the body is not JSON');
  }
}

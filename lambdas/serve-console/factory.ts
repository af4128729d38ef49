import { CONSOLE_ENTRY, CONSOLE_PATH } from '../shared/domain/console-paths.ts';
import { acceptsCoding, hasVersion } from '../shared/runtime/negotiate.ts';
import { securityHeaders } from './security-headers.ts';
import { compress, decompress, type StaticFile, type StaticFiles, staticFile } from './static-files.ts';

/** The parts of a request in API Gateway's payload format 2.0 that are used. */
export interface ConsoleRequest {
  readonly rawPath: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly requestContext: { readonly http: { readonly method: string } };
}

/** A response in API Gateway's payload format 2.0. */
export interface ConsoleResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

export interface ServeConsoleSettings {
  /** Origins of the pages that may show the console in a frame. */
  readonly embeddedBy: readonly string[];
}

const PAGE = 'index.html';
/** The build puts a hash of the content into the names of the files there. */
const ASSETS = 'assets/';
const ONE_YEAR_SECONDS = 31_536_000;

/** The console posts messages to these origins only. The page contains it, with an empty content. */
const ANCESTORS_META = /(<meta name="frame-ancestors" content=")(")/;

/**
 * Serves the console's files. Every path that is neither a file nor below `assets/` is a screen, and gets the page: the
 * page's own code shows the screen or says that there is none.
 */
export function createServeConsole(
  files: StaticFiles,
  { embeddedBy }: ServeConsoleSettings,
): (request: ConsoleRequest) => ConsoleResponse {
  const shared = securityHeaders(embeddedBy);
  const page = pageFor(files, embeddedBy);
  const preloads = preloadsOf(page);

  const respond = (statusCode: number, headers: Record<string, string>, body = ''): ConsoleResponse => ({
    statusCode,
    headers: { ...shared, ...headers },
    body,
    isBase64Encoded: false,
  });

  const send = (file: StaticFile, cacheControl: string, request: ConsoleRequest): ConsoleResponse => {
    const { headers, requestContext } = request;
    const caching = { 'cache-control': cacheControl, etag: file.etag, vary: 'accept-encoding' };
    if (hasVersion(file.etag, headers['if-none-match'])) return respond(304, caching);
    const isCompressed = acceptsCoding('br', headers['accept-encoding']);
    const described = {
      ...caching,
      ...(file === page && preloads !== '' ? { link: preloads } : {}),
      'content-type': file.contentType,
      ...(isCompressed ? { 'content-encoding': 'br' } : {}),
    };
    if (requestContext.http.method === 'HEAD') return respond(200, described);
    const body = isCompressed ? file.compressed : decompress(file.compressed);
    return { ...respond(200, described, body.toString('base64')), isBase64Encoded: true };
  };

  return (request) => {
    const { method } = request.requestContext.http;
    if (method !== 'GET' && method !== 'HEAD') {
      return respond(405, { allow: 'GET, HEAD', 'cache-control': 'no-store' });
    }
    // Browsers keep the fragment, which may contain the code of a link.
    const path = request.rawPath.slice(CONSOLE_PATH.length + 1);
    if (path === '') return respond(302, { location: CONSOLE_ENTRY, 'cache-control': 'no-cache' });
    const file = files.get(path);
    if (path.startsWith(ASSETS)) {
      if (file !== undefined) return send(file, `public, max-age=${ONE_YEAR_SECONDS}, immutable`, request);
      const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
      return respond(404, headers, method === 'HEAD' ? '' : 'Not found\n');
    }
    return send(file === undefined || path === PAGE ? page : file, 'no-cache', request);
  };
}

/**
 * The page's scripts and stylesheets as a header `Link`: a browser requests them when it has the headers, before it has parsed
 * the page.
 */
function preloadsOf(page: StaticFile): string {
  const html = decompress(page.compressed).toString('utf8');
  const addresses = (pattern: RegExp): string[] =>
    [...html.matchAll(pattern)].map(([, address = '']) => address);
  return [
    ...addresses(/<script [^>]*\bsrc="([^"]+)"/g).map((src) => `<${src}>; rel=modulepreload`),
    // Requested in the same mode as by Vite's element, or it would be requested twice.
    ...addresses(/<link rel="stylesheet" crossorigin href="([^"]+)"/g).map(
      (href) => `<${href}>; rel=preload; as=style; crossorigin`,
    ),
  ].join(', ');
}

/** The page, with the origins that it may post messages to. */
function pageFor(files: StaticFiles, embeddedBy: readonly string[]): StaticFile {
  const page = files.get(PAGE);
  if (page === undefined) throw new Error(`the console has no ${PAGE}; build the functions again`);
  if (embeddedBy.length === 0) return page;
  const html = decompress(page.compressed).toString('utf8');
  if (!ANCESTORS_META.test(html)) {
    throw new Error(`the console's ${PAGE} has no <meta name="frame-ancestors" content="">`);
  }
  // An origin has no character that is special in HTML.
  const listed = html.replace(ANCESTORS_META, (_match, start, end) => start + embeddedBy.join(' ') + end);
  return staticFile(PAGE, compress(listed));
}

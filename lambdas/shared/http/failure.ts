import type { AttemptError } from '../domain/delivery.ts';
import { describeTlsError } from './tls-reasons.ts';

/** The class of a failure without a usable response. The caller of `post` evaluates a response. */
export type TransportError = Exclude<AttemptError, 'http_status' | 'challenge_mismatch'>;

export interface Failure {
  readonly error: TransportError;
  /** One sentence for the customer. Contains no IP address, unless the URL contains it. */
  readonly reason: string;
}

/** Transports a failure through undici, which passes on an error of the `connect` function unchanged. */
export class FailureError extends Error {
  override readonly name = 'FailureError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.reason);
    this.failure = failure;
  }
}

const CONNECTION_REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'reset the connection',
  EPIPE: 'closed the connection',
  EHOSTUNREACH: 'is unreachable',
  ENETUNREACH: 'is unreachable',
  ETIMEDOUT: 'did not accept a connection in time',
  EADDRNOTAVAIL: 'is unreachable',
};

/** Codes of a connection attempt without a route to the address, or without support for its family. */
const UNREACHABLE_CODES: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

const PROTOCOL_REASONS: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer contradicts its Content-Length',
  // undici's message for a 101.
  'bad upgrade': 'the answer switched to another protocol',
};

/** Name of the errors of undici's parser: https://undici.nodejs.org/#/docs/api/Errors */
const PARSER_ERROR = 'HTTPParserError';
const NOT_HTTP = 'the answer is not valid HTTP/1.1';

/** Describes an error of a connection for the customer. */
export function describeError(error: unknown, host: string): Failure {
  if (error instanceof FailureError) return error.failure;
  const { code, message } = readError(error);
  const tls = describeTlsError(code, message);
  if (tls !== undefined) return { error: 'tls_error', reason: `${host}: ${tls}` };
  const protocol = isMalformed(error) ? NOT_HTTP : (PROTOCOL_REASONS[code] ?? PROTOCOL_REASONS[message]);
  if (protocol !== undefined) return { error: 'protocol_error', reason: `${host}: ${protocol}` };
  const connection = CONNECTION_REASONS[code] ?? 'closed the connection without a complete answer';
  return { error: 'connection_error', reason: `${host} ${connection}` };
}

/** The failure for a host with IPv6 addresses only, when this deployment has no route to IPv6 addresses. */
export function ipv6Only(host: string): Failure {
  const reason = host.includes(':')
    ? `${host} is an IPv6 address, and this deployment reaches IPv4 only; use a host name with an A record`
    : `${host} has only IPv6 addresses, and this deployment reaches IPv4 only; publish an A record`;
  return { error: 'connection_error', reason };
}

export function isUnreachable(error: unknown): boolean {
  return UNREACHABLE_CODES.has(readError(error).code);
}

export function isReset(error: unknown): boolean {
  return readError(error).code === 'ECONNRESET';
}

/** Whether the response is not HTTP. When it only ended too early, the parser's error has no remaining bytes. */
export function isMalformed(error: unknown): boolean {
  return error instanceof Error && error.name === PARSER_ERROR && 'data' in error && error.data !== '';
}

/** Whether undici refused the request, such as for an invalid header: an error of this code, not of the endpoint. */
export function isInvalidRequest(error: unknown): boolean {
  const { code } = readError(error);
  return code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED';
}

/** Codes of a system call that fails for every endpoint: no free file descriptor, or no memory. */
const EXHAUSTED_CODES: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'ERR_SYSTEM_ERROR',
]);

/**
 * Whether this code or its environment failed. Sockets, TLS, DNS and undici report what an endpoint does by other classes
 * of errors.
 */
export function isOwnFault(error: unknown): boolean {
  const isDefect =
    error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return isDefect || EXHAUSTED_CODES.has(readError(error).code);
}

function readError(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { code, message: error.message };
}

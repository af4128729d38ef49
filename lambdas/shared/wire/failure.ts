import type { AttemptError } from '../domain/delivery.ts';

/** Why no usable answer came; what an endpoint answered is judged elsewhere. */
export type WireError = Exclude<AttemptError, 'http_status' | 'challenge_mismatch'>;

export interface Failure {
  readonly error: WireError;
  /** One sentence for the customer. Names no address that the URL itself does not name. */
  readonly reason: string;
}

/** Carries a failure through undici, which hands connection errors back as it got them. */
export class FailureCarrier extends Error {
  override readonly name = 'FailureCarrier';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.reason);
    this.failure = failure;
  }
}

const UNKNOWN_ISSUER =
  'the certificate does not come from a public authority, or its chain is incomplete; configure the intermediate certificates';

/** What certificates are refused for, by OpenSSL's codes: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE_REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  CERT_REVOKED: 'the certificate has been revoked',
  CERT_UNTRUSTED: 'the certificate is not trusted',
  CERT_REJECTED: 'the certificate is not trusted',
  CERT_SIGNATURE_FAILURE: 'the signature of the certificate is wrong',
  CERT_CHAIN_TOO_LONG: 'the certificate chain is too long',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN:
    'the certificate chain ends in a self-signed certificate that is not publicly trusted',
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_ISSUER,
  // OpenSSL cannot tell a strange issuer from one whose own certificate the server forgot to send.
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_ISSUER,
  INVALID_CA: 'an issuer in the certificate chain may not issue certificates',
  INVALID_PURPOSE: 'the certificate is not meant for servers',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
};

const TLS_VERSION_REASON = 'it does not offer TLS 1.2 or newer';

/** What OpenSSL says when the two sides do not understand each other. */
const HANDSHAKE_REASONS: Readonly<Record<string, string>> = {
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: TLS_VERSION_REASON,
  ERR_SSL_UNSUPPORTED_PROTOCOL: TLS_VERSION_REASON,
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on this port',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS on this port',
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'it has no certificate for this host name',
};

const CONNECTION_REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'reset the connection',
  EPIPE: 'closed the connection',
  EHOSTUNREACH: 'is unreachable',
  ENETUNREACH: 'is unreachable',
  ETIMEDOUT: 'did not accept a connection in time',
  EADDRNOTAVAIL: 'is unreachable',
};

const PROTOCOL_REASONS: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer is not as long as its Content-Length',
  // undici's words for a 100 or 101 that nobody asked for.
  'bad response': 'the answer was an interim response that was not asked for',
  'bad upgrade': 'the answer switched to another protocol',
};

/** undici's parser: https://undici.nodejs.org/#/docs/api/Errors */
const PARSER_ERROR = 'HTTPParserError';
const NOT_HTTP = 'the answer is not valid HTTP/1.1';

/** Puts whatever a connection broke with into the customer's words. */
export function describeError(error: unknown, host: string): Failure {
  if (error instanceof FailureCarrier) return error.failure;
  const { code, message } = readError(error);
  const certificate = CERTIFICATE_REASONS[code];
  if (certificate !== undefined) return { error: 'tls_error', reason: `${host}: ${certificate}` };
  if (isHandshakeCode(code)) {
    const reason = HANDSHAKE_REASONS[code] ?? `the TLS handshake failed (${code})`;
    return { error: 'tls_error', reason: `${host}: ${reason}` };
  }
  const protocol = isMalformed(error) ? NOT_HTTP : (PROTOCOL_REASONS[code] ?? PROTOCOL_REASONS[message]);
  if (protocol !== undefined) return { error: 'protocol_error', reason: `${host}: ${protocol}` };
  const connection = CONNECTION_REASONS[code] ?? 'closed the connection without a complete answer';
  return { error: 'connection_error', reason: `${host} ${connection}` };
}

/** An answer that is no HTTP, as against one that merely ended too early: then the parser had no bytes left. */
export function isMalformed(error: unknown): boolean {
  return error instanceof Error && error.name === PARSER_ERROR && 'data' in error && error.data !== '';
}

/** What undici says when it was handed something that HTTP cannot carry: our mistake, not the endpoint's. */
export function isOurMistake(error: unknown): boolean {
  const { code } = readError(error);
  return code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED';
}

function isHandshakeCode(code: string): boolean {
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO';
}

function readError(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { code, message: error.message };
}

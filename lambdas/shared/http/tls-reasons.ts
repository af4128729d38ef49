const UNKNOWN_ISSUER =
  'the certificate was not issued by a public authority, or its chain is incomplete; configure the intermediate certificates';

/** Why a certificate is refused, by OpenSSL's code: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
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
  // OpenSSL has one code for an unknown issuer and for an intermediate certificate that the server did not send.
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_ISSUER,
  INVALID_CA: 'an issuer in the certificate chain may not issue certificates',
  INVALID_PURPOSE: 'the certificate is not meant for servers',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
};

const NO_COMMON_VERSION = 'it does not offer TLS 1.2 or newer';
const NOT_TLS = 'the server does not use TLS on this port';

/** Why the client ends a TLS connection, by Node's code. */
const LOCAL_REASONS: Readonly<Record<string, string>> = {
  ERR_SSL_UNSUPPORTED_PROTOCOL: NO_COMMON_VERSION,
  ERR_SSL_WRONG_VERSION_NUMBER: NOT_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NOT_TLS,
};

/** https://www.iana.org/assignments/tls-parameters/tls-parameters.xhtml#tls-parameters-6 */
const ALERT_NAMES: Readonly<Record<number, string>> = {
  10: 'unexpected_message',
  20: 'bad_record_mac',
  22: 'record_overflow',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  111: 'certificate_unobtainable',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  114: 'bad_certificate_hash_value',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
};

/** Alerts about the client's certificate. Deliveries send none, so all of these mean that the server requires one. */
const CLIENT_CERTIFICATE_ALERTS: ReadonlySet<number> = new Set([41, 42, 43, 44, 45, 46, 48, 116]);

const ALERT_REASONS: Readonly<Record<number, string>> = {
  40: 'the TLS handshake failed: it accepts none of the offered cipher suites, or requires a client certificate',
  70: NO_COMMON_VERSION,
  71: 'it accepts none of the offered cipher suites',
  112: 'it has no certificate for this host name',
  120: 'it does not offer HTTP/1.1',
};

/** OpenSSL's message for a received alert contains this text. */
const ALERT_NUMBER = /SSL alert number (\d+)/;

/** Describes a TLS error, in the handshake or later, for the customer. Undefined when the error is not a TLS error. */
export function describeTlsError(code: string, message: string): string | undefined {
  const certificate = CERTIFICATE_REASONS[code];
  if (certificate !== undefined) return certificate;
  if (!isTlsCode(code)) return undefined;
  const alert = ALERT_NUMBER.exec(message)?.[1];
  if (alert !== undefined) return describeAlert(Number(alert));
  return LOCAL_REASONS[code] ?? `TLS failed (${code})`;
}

function describeAlert(alert: number): string {
  const name = ALERT_NAMES[alert] ?? String(alert);
  const reason = CLIENT_CERTIFICATE_ALERTS.has(alert)
    ? 'it requires a client certificate, which deliveries do not have'
    : (ALERT_REASONS[alert] ?? 'it ended the TLS connection');
  return `${reason} (TLS alert ${name})`;
}

function isTlsCode(code: string): boolean {
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO';
}

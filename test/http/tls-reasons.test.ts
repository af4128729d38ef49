import { describe, expect, it } from 'vitest';
import { describeTlsError } from '../../lambdas/shared/http/tls-reasons.ts';

/** AlertDescription of https://www.rfc-editor.org/rfc/rfc8446#section-6, without close_notify, which is no error. */
const TLS_1_3_ALERTS = {
  unexpected_message: 10,
  bad_record_mac: 20,
  record_overflow: 22,
  handshake_failure: 40,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  missing_extension: 109,
  unsupported_extension: 110,
  unrecognized_name: 112,
  bad_certificate_status_response: 113,
  unknown_psk_identity: 115,
  certificate_required: 116,
  no_application_protocol: 120,
};

/** Alerts of TLS 1.2 that TLS 1.3 does not send: RFC 5246 (no_certificate: for SSL 3.0) and RFC 6066. */
const TLS_1_2_ALERTS = {
  no_certificate: 41,
  no_renegotiation: 100,
  certificate_unobtainable: 111,
  bad_certificate_hash_value: 114,
};

/** As OpenSSL writes it when it receives an alert. */
const describeAlert = (alert: number): string | undefined =>
  describeTlsError(
    'ERR_SSL_TLSV1_ALERT',
    `error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert:../deps/openssl/ssl/record/rec_layer_s3.c:916:SSL alert number ${alert}\n`,
  );

describe('a TLS alert of the endpoint', () => {
  it.each(Object.entries({ ...TLS_1_3_ALERTS, ...TLS_1_2_ALERTS }))(
    'has the name of the standard: %s [NET-15]',
    (name, alert) => {
      expect(describeAlert(alert)).toMatch(new RegExp(` \\(TLS alert ${name}\\)$`));
    },
  );

  it('has its number when it has no name', () => {
    expect(describeAlert(99)).toBe('it ended the TLS connection (TLS alert 99)');
  });

  it('means that a client certificate is required exactly when it is about a certificate of the client', () => {
    const alerts = Array.from({ length: 256 }, (_, alert) => alert);
    const aboutCertificates = alerts.filter((alert) => describeAlert(alert)?.includes('requires a client'));

    // handshake_failure has two possible causes.
    expect(aboutCertificates).toEqual([40, 41, 42, 43, 44, 45, 46, 48, 116]);
  });
});

describe('an error that the client finds', () => {
  it('in TLS has its code when it has no description', () => {
    for (const code of ['ERR_SSL_BAD_EXTENSION', 'ERR_TLS_INVALID_CONTEXT', 'EPROTO'])
      expect(describeTlsError(code, 'no alert')).toBe(`TLS failed (${code})`);
  });

  it('outside TLS is not described', () => {
    for (const code of ['', 'ECONNRESET', 'MY_ERR_TLS_', 'ERR_SOCKET_CLOSED'])
      expect(describeTlsError(code, 'SSL alert number 40')).toBeUndefined();
  });
});

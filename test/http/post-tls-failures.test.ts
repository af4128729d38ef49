import { afterEach, describe, expect, it } from 'vitest';
import { httpAnswer } from '../../fixtures/raw-server.ts';
import { trackResources } from '../support/open-resources.ts';
import { startBreakableServer, startTcpServer, tlsPostingFor } from './support/tls-posting.ts';

/** Content type of a record: https://www.rfc-editor.org/rfc/rfc8446#section-5.1 */
const ALERT_RECORD = 21;
/** Level of an alert: https://www.rfc-editor.org/rfc/rfc8446#section-6 */
const FATAL = 2;
const open = trackResources();
afterEach(open.closeAll);
const { localhostCertificate, startPoster, postTo, postToPort } = tlsPostingFor(open);

describe('a TLS alert', () => {
  it.each([
    [
      'TLSv1.3',
      'it requires a client certificate, which deliveries do not have (TLS alert certificate_required)',
    ],
    [
      'TLSv1.2',
      'the TLS handshake failed: it accepts none of the offered cipher suites, or requires a client certificate ' +
        '(TLS alert handshake_failure)',
    ],
  ] as const)(
    'of an endpoint that requires a client certificate is a tls_error: %s [NET-15]',
    async (version, reason) => {
      const tls = { ...localhostCertificate(), requestCert: true, rejectUnauthorized: true };

      // In TLS 1.3 the alert is received after the client has completed the handshake and sent the request.
      const result = await postTo({ ...tls, minVersion: version, maxVersion: version });

      expect(result).toMatchObject({
        kind: 'failed',
        error: 'tls_error',
        reason: `localhost: ${reason}`,
        reconnected: false,
        received: '',
      });
    },
  );

  it.each([
    [42, 'it requires a client certificate, which deliveries do not have (TLS alert bad_certificate)'],
    [46, 'it requires a client certificate, which deliveries do not have (TLS alert certificate_unknown)'],
    [48, 'it requires a client certificate, which deliveries do not have (TLS alert unknown_ca)'],
    [49, 'it ended the TLS connection (TLS alert access_denied)'],
    [71, 'it accepts none of the offered cipher suites (TLS alert insufficient_security)'],
    [80, 'it ended the TLS connection (TLS alert internal_error)'],
    [112, 'it has no certificate for this host name (TLS alert unrecognized_name)'],
    [120, 'it does not offer HTTP/1.1 (TLS alert no_application_protocol)'],
  ])('is a tls_error with its cause: alert %i [NET-15]', async (alert, reason) => {
    const fatal = Buffer.from([ALERT_RECORD, 3, 3, 0, 2, FATAL, alert]);
    const server = open.add(await startTcpServer((socket) => socket.once('data', () => socket.end(fatal))));

    const result = await postToPort(server.port);

    expect(result).toMatchObject({ error: 'tls_error', reason: `localhost: ${reason}` });
  });
});

describe('a TLS connection that breaks after the handshake', () => {
  const NOT_TLS = Buffer.from('this is not a TLS record');

  it('is a tls_error [NET-15]', async () => {
    const server = open.add(
      await startBreakableServer(localhostCertificate(), (_socket, breakTls) => breakTls(NOT_TLS)),
    );

    const result = await postToPort(server.port);

    expect(result).toMatchObject({ kind: 'failed', error: 'tls_error', reconnected: false });
    expect(server.connections()).toBe(1);
  });

  it('is replaced once when it is reused and no byte of a response was received [NET-15]', async () => {
    const server = open.add(
      await startBreakableServer(localhostCertificate(), (socket, breakTls, count) =>
        count === 1 ? socket.write(httpAnswer(200)) : breakTls(NOT_TLS),
      ),
    );
    const poster = startPoster();

    const results = [await postToPort(server.port, poster), await postToPort(server.port, poster)];

    expect(results).toMatchObject([
      { kind: 'answered', reconnected: false },
      { kind: 'answered', reconnected: true },
    ]);
    expect(server.connections()).toBe(2);
  });

  it('is not replaced when a response had begun', async () => {
    const server = open.add(
      await startBreakableServer(localhostCertificate(), (socket, breakTls, count) => {
        if (count === 1) socket.write(httpAnswer(200));
        else socket.write('HTTP/1.1 2', () => breakTls(NOT_TLS));
      }),
    );
    const poster = startPoster();
    await postToPort(server.port, poster);

    expect(await postToPort(server.port, poster)).toMatchObject({
      kind: 'failed',
      error: 'tls_error',
      reconnected: false,
    });
    expect(server.connections()).toBe(1);
  });

  it('does not change the result when the head was already received', async () => {
    const server = open.add(
      await startBreakableServer(localhostCertificate(), (socket, breakTls) =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', () => breakTls(NOT_TLS)),
      ),
    );

    expect(await postToPort(server.port)).toMatchObject({ status: 200, body: 'abc', bodyCut: true });
  });

  it('may end without a close_notify: a body that ends with the connection is complete', async () => {
    const server = open.add(
      await startBreakableServer(localhostCertificate(), (socket, breakTls) =>
        socket.write('HTTP/1.1 200 OK\r\n\r\nabc', () => breakTls()),
      ),
    );

    expect(await postToPort(server.port)).toMatchObject({ status: 200, body: 'abc', bodyCut: false });
  });
});

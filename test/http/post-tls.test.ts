import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { type Certificate, issueCertificate } from '../../fixtures/certificates.ts';
import { httpAnswer } from '../../fixtures/raw-server.ts';
import { trackResources } from '../support/open-resources.ts';
import { fakeTimeouts, LONG_DEADLINE_MS, until } from './support/posting.ts';
import { startTcpServer, tlsPostingFor } from './support/tls-posting.ts';

const DAY_MS = 86_400_000;
const open = trackResources();
afterEach(open.closeAll);
afterEach(() => vi.useRealTimers());
const { authority, localhostCertificate, startPoster, postTo, postToPort } = tlsPostingFor(open);

describe('a server certificate', () => {
  it('that is valid is accepted', async () => {
    expect(await postTo(localhostCertificate())).toMatchObject({ kind: 'answered', status: 200, body: 'ok' });
  });

  it('may name an address instead of a host name', async () => {
    const certificate = localhostCertificate({ hosts: ['127.0.0.1'] });

    expect(await postTo(certificate, '127.0.0.1')).toMatchObject({ kind: 'answered', status: 200 });
    expect(await postTo(certificate, 'localhost')).toMatchObject({ kind: 'failed', error: 'tls_error' });
  });

  it.each([
    [
      'has expired',
      () => localhostCertificate({ validTo: new Date(Date.now() - DAY_MS / 2) }),
      'has expired',
    ],
    [
      'is not valid yet',
      () => localhostCertificate({ validFrom: new Date(Date.now() + DAY_MS) }),
      'not valid yet',
    ],
    ['is self-signed', () => issueCertificate({ name: 'localhost', hosts: ['localhost'] }), 'self-signed'],
    ['is for another host', () => localhostCertificate({ hosts: ['other.example'] }), 'another host name'],
    ['names no host', () => localhostCertificate({ hosts: [] }), 'another host name'],
    [
      'was issued by an unknown authority',
      () => localhostCertificate({ issuer: unknownAuthority() }),
      'public authority',
    ],
    [
      'is sent without its intermediate certificate',
      () => localhostCertificate({ issuer: intermediate() }),
      'chain is incomplete',
    ],
  ])(
    'that %s fails the attempt as tls_error, and nothing is sent [NET-17]',
    async (_what, makeCertificate, reason) => {
      expect(await postTo(makeCertificate())).toMatchObject({
        kind: 'failed',
        error: 'tls_error',
        reason: expect.stringMatching(`^localhost: .*${reason}`),
        received: '',
      });
    },
  );

  it('may be sent with its intermediate certificate', async () => {
    const issuer = intermediate();
    const certificate = localhostCertificate({ issuer });

    const result = await postTo({ key: certificate.key, cert: certificate.cert + issuer.cert });

    expect(result).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('is verified even when NODE_TLS_REJECT_UNAUTHORIZED is 0 [NET-17]', async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

    const result = await postTo(issueCertificate({ name: 'localhost', hosts: ['localhost'] }));

    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    expect(result).toMatchObject({ kind: 'failed', error: 'tls_error', received: '' });
  });
});

describe('the TLS connection', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('may be %s', async (version) => {
    const tls = { ...localhostCertificate(), minVersion: version, maxVersion: version };

    expect(await postTo(tls)).toMatchObject({ kind: 'answered', status: 200 });
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('may not be %s [NET-17]', async (version) => {
    const tls = {
      ...localhostCertificate(),
      minVersion: version,
      maxVersion: version,
      ciphers: 'DEFAULT@SECLEVEL=0',
    };

    expect(await postTo(tls)).toMatchObject({
      kind: 'failed',
      error: 'tls_error',
      reason: 'localhost: it does not offer TLS 1.2 or newer (TLS alert protocol_version)',
      received: '',
    });
  });

  it('sends the host name to the server, and offers only HTTP/1.1 [NET-1]', async () => {
    const offers: unknown[] = [];
    const { key, cert } = localhostCertificate();
    const tls: TlsOptions = {
      key,
      cert,
      ALPNCallback: ({ servername, protocols }) => {
        offers.push({ servername, protocols });
        return 'http/1.1';
      },
    };

    await postTo(tls);

    expect(offers).toEqual([{ servername: 'localhost', protocols: ['http/1.1'] }]);
  });

  it('fails as tls_error when the other side speaks plain HTTP', async () => {
    const server = open.add(await startTcpServer((socket) => socket.end(httpAnswer(400))));

    const result = await postToPort(server.port);

    expect(result).toMatchObject({
      error: 'tls_error',
      reason: 'localhost: the server does not use TLS on this port',
    });
  });

  it('is subject to the deadline: a handshake that does not end is a timeout [NET-6]', async () => {
    const received = vi.fn();
    const server = open.add(await startTcpServer((socket) => socket.on('data', received)));
    const poster = startPoster();
    fakeTimeouts();

    const result = postToPort(server.port, poster);
    await until(() => received.mock.calls.length > 0);
    vi.advanceTimersByTime(LONG_DEADLINE_MS);

    expect(await result).toMatchObject({
      error: 'timeout',
      reason: expect.stringContaining('in the TLS handshake'),
    });
  });

  it.each([
    ['closes', (socket: Socket) => socket.end()],
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
  ])('that the server %s in the handshake is a connection_error', async (_what, end) => {
    const server = open.add(await startTcpServer((socket) => socket.once('data', () => end(socket))));

    const result = await postToPort(server.port);

    expect(result).toMatchObject({
      error: 'connection_error',
      reason: 'localhost closed the connection in the TLS handshake',
    });
  });
});

function unknownAuthority(): Certificate {
  return issueCertificate({ name: 'Unknown Authority', authority: true });
}

function intermediate(): Certificate {
  return issueCertificate({ name: 'Test Intermediate', authority: true, issuer: authority });
}

import { once } from 'node:events';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket, type TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Certificate, issueCertificate } from '../../fixtures/certificates.ts';
import { httpAnswer, type RawServer, startRawServer } from '../../fixtures/raw-server.ts';
import { createPoster, type Poster, type PostResult } from '../../lambdas/shared/http/post.ts';
import { trackResources } from '../support/open-resources.ts';
import { fakeTimeouts, READ_ALL, until } from './support/posting.ts';

const DAY_MS = 86_400_000;
const DEADLINE_MS = 300_000;
/** https://www.rfc-editor.org/rfc/rfc8446#section-5.1 */
const ALERT_RECORD = 21;
const FATAL = 2;
const open = trackResources();
afterEach(open.closeAll);
afterEach(() => vi.useRealTimers());

let authority: Certificate;
beforeAll(() => {
  authority = issueCertificate({ name: 'Test Authority', authority: true });
});

function localhostCertificate(other: Partial<Parameters<typeof issueCertificate>[0]> = {}): Certificate {
  return issueCertificate({ name: 'Test Server', hosts: ['localhost'], issuer: authority, ...other });
}

async function startServer(tls: TlsOptions): Promise<RawServer> {
  return open.add(await startRawServer((socket) => socket.write(httpAnswer(200, 'ok')), tls));
}

function startPoster(): Poster {
  const options = { allowPrivateEndpoints: true, tls: { ca: authority.cert }, deadlineMs: DEADLINE_MS };
  return open.add(createPoster(options));
}

/** Sends one POST to a server with these TLS options, and nobody else's. */
async function postTo(tls: TlsOptions, host = 'localhost'): Promise<PostResult & { received: string }> {
  const server = await startServer(tls);
  const url = `https://${host}:${server.port}/hook`;
  const result = await startPoster().post({ url, headers: { 'X-Secret': 'hush' }, body: '{}', ...READ_ALL });
  return { ...result, received: server.received() };
}

describe('a server certificate', () => {
  it('that is in order lets the request through', async () => {
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
      'comes from an unknown authority',
      () => localhostCertificate({ issuer: strangeAuthority() }),
      'public authority',
    ],
    ['lacks its intermediate', () => localhostCertificate({ issuer: intermediate() }), 'chain is incomplete'],
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

  it('may come with its intermediate', async () => {
    const issuer = intermediate();
    const certificate = localhostCertificate({ issuer });

    const result = await postTo({ key: certificate.key, cert: certificate.cert + issuer.cert });

    expect(result).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('is verified even when the environment says otherwise [NET-17]', async () => {
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

  it('tells the server the host name, and offers HTTP/1.1 only [NET-1]', async () => {
    const seen: unknown[] = [];
    const { key, cert } = localhostCertificate();
    const tls: TlsOptions = {
      key,
      cert,
      ALPNCallback: ({ servername, protocols }) => {
        seen.push({ servername, protocols });
        return 'http/1.1';
      },
    };

    await postTo(tls);

    expect(seen).toEqual([{ servername: 'localhost', protocols: ['http/1.1'] }]);
  });

  it('fails as tls_error when the other side speaks plain HTTP', async () => {
    const plain = createTcpServer((socket) => socket.on('error', () => {}).end(httpAnswer(400)));
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const url = `https://localhost:${portOf(plain)}/`;

    const result = await startPoster().post({ url, headers: {}, body: '{}', ...READ_ALL });

    plain.close();
    expect(result).toMatchObject({
      error: 'tls_error',
      reason: 'localhost: it does not speak TLS on this port',
    });
  });

  it('is covered by the deadline: a handshake that hangs is a timeout [NET-6]', async () => {
    const silent = open.add(await startSilentServer());
    const poster = startPoster();
    fakeTimeouts();

    const result = postToPort(silent.port, poster);
    await until(() => silent.hasReceived());
    vi.advanceTimersByTime(DEADLINE_MS);

    expect(await result).toMatchObject({
      error: 'timeout',
      reason: expect.stringContaining('in the TLS handshake'),
    });
  });

  it.each([
    ['closes', (socket: Socket) => socket.end()],
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
  ])('that the server %s in the handshake is a connection_error', async (_what, end) => {
    const server = createTcpServer((socket) => socket.on('error', () => {}).once('data', () => end(socket)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');

    const result = await postToPort(portOf(server));

    server.close();
    expect(result).toMatchObject({
      error: 'connection_error',
      reason: 'localhost closed the connection in the TLS handshake',
    });
  });
});

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

      // In TLS 1.3 it comes after the client has completed the handshake and sent the request.
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
    const server = createTcpServer((socket) =>
      socket.on('error', () => {}).once('data', () => socket.end(fatal)),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://localhost:${portOf(server)}/`;

    const result = await startPoster().post({ url, headers: {}, body: '{}', ...READ_ALL });

    server.close();
    expect(result).toMatchObject({ error: 'tls_error', reason: `localhost: ${reason}` });
  });
});

describe('a TLS connection that breaks after the handshake', () => {
  const NO_TLS = Buffer.from('this is not a TLS record, whatever it says');

  it('is a tls_error [NET-15]', async () => {
    const server = open.add(await startBreakableServer((_socket, breakTls) => breakTls(NO_TLS)));

    const result = await postToPort(server.port);

    expect(result).toMatchObject({ kind: 'failed', error: 'tls_error', reconnected: false });
    expect(server.connections()).toBe(1);
  });

  it('is replaced once when it was used before and no byte of an answer came [NET-15]', async () => {
    const server = open.add(
      await startBreakableServer((socket, breakTls, count) =>
        count === 1 ? socket.write(httpAnswer(200)) : breakTls(NO_TLS),
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

  it('is not replaced when an answer had begun', async () => {
    const server = open.add(
      await startBreakableServer((socket, breakTls, count) => {
        if (count === 1) socket.write(httpAnswer(200));
        else socket.write('HTTP/1.1 2', () => breakTls(NO_TLS));
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

  it('leaves the answer that came before', async () => {
    const server = open.add(
      await startBreakableServer((socket, breakTls) =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', () => breakTls(NO_TLS)),
      ),
    );

    expect(await postToPort(server.port)).toMatchObject({ status: 200, body: 'abc', bodyCut: true });
  });

  it('may end without a close_notify: a body that ends with the connection is complete', async () => {
    const server = open.add(
      await startBreakableServer((socket, breakTls) =>
        socket.write('HTTP/1.1 200 OK\r\n\r\nabc', () => breakTls()),
      ),
    );

    expect(await postToPort(server.port)).toMatchObject({ status: 200, body: 'abc', bodyCut: false });
  });
});

function postToPort(port: number, poster = startPoster()): Promise<PostResult> {
  return poster.post({ url: `https://localhost:${port}/`, headers: {}, body: '{}', ...READ_ALL });
}

/**
 * A TLS server that can write bytes below TLS. Without bytes it ends the connection below TLS, where a TLS server
 * would send a close_notify before.
 */
async function startBreakableServer(
  behave: (socket: TLSSocket, breakTls: (bytes?: Buffer) => void, count: number) => void,
): Promise<{ readonly port: number; readonly connections: () => number; close(): Promise<void> }> {
  const sockets: Socket[] = [];
  const server = createTcpServer((below) => {
    sockets.push(below);
    const secureContext = createSecureContext(localhostCertificate());
    const socket = new TLSSocket(below, { isServer: true, secureContext });
    const breakTls = (bytes?: Buffer): void => void (bytes === undefined ? below.end() : below.end(bytes));
    let count = 0;
    for (const each of [below, socket]) each.on('error', () => {});
    socket.on('data', () => behave(socket, breakTls, ++count));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    connections: () => sockets.length,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Accepts connections, reads, and never answers. */
async function startSilentServer(): Promise<{
  readonly port: number;
  hasReceived(): boolean;
  close(): Promise<void>;
}> {
  let received = false;
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket
      .on('error', () => {})
      .on('data', () => {
        received = true;
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    hasReceived: () => received,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server is not listening');
  return address.port;
}

function strangeAuthority(): Certificate {
  return issueCertificate({ name: 'Strange Authority', authority: true });
}

function intermediate(): Certificate {
  return issueCertificate({ name: 'Test Intermediate', authority: true, issuer: authority });
}

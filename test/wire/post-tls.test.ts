import { once } from 'node:events';
import { createServer as createTcpServer, type Server } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { createPoster, type Poster, type PostResult } from '../../lambdas/shared/wire/post.ts';
import { type Certificate, issueCertificate } from '../support/certificates.ts';
import { trackResources } from '../support/open-resources.ts';
import { httpAnswer, type RawServer, startRawServer } from '../support/raw-server.ts';

const DAY_MS = 86_400_000;
const READ_ALL = { readBody: () => 'all' as const };
const open = trackResources();
afterEach(open.closeAll);

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
  const options = { allowPrivateEndpoints: true, tls: { ca: authority.cert }, deadlineMs: 2_000 };
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
    'that %s fails the attempt as tls_error, and nothing is sent',
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

  it('is verified even when the environment says otherwise', async () => {
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

  it.each(['TLSv1', 'TLSv1.1'] as const)('may not be %s', async (version) => {
    const tls = {
      ...localhostCertificate(),
      minVersion: version,
      maxVersion: version,
      ciphers: 'DEFAULT@SECLEVEL=0',
    };

    expect(await postTo(tls)).toMatchObject({
      kind: 'failed',
      error: 'tls_error',
      reason: 'localhost: it does not offer TLS 1.2 or newer',
      received: '',
    });
  });

  it('tells the server the host name, and offers HTTP/1.1 only', async () => {
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

  it('is covered by the deadline: a handshake that hangs is a timeout', async () => {
    const mute = open.add(await startRawServer(() => {}));
    const options = { allowPrivateEndpoints: true, deadlineMs: 100 };
    const url = `https://localhost:${mute.port}/`;

    const result = await open.add(createPoster(options)).post({ url, headers: {}, body: '{}', ...READ_ALL });

    expect(result).toMatchObject({
      error: 'timeout',
      reason: expect.stringContaining('in the TLS handshake'),
    });
    await expect.poll(mute.openSockets).toBe(0);
  });

  it('that is cut in the handshake is a connection_error', async () => {
    const rude = createTcpServer((socket) => socket.on('error', () => {}).resetAndDestroy());
    rude.listen(0, '127.0.0.1');
    await once(rude, 'listening');

    const result = await startPoster().post({
      url: `https://localhost:${portOf(rude)}/`,
      headers: {},
      body: '{}',
      ...READ_ALL,
    });

    rude.close();
    expect(result).toMatchObject({ kind: 'failed', error: 'connection_error' });
  });
});

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

import type { TLSSocket, TlsOptions } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { httpAnswer, startRawServer } from '../../fixtures/raw-server.ts';
import { createPoster, type Poster } from '../../lambdas/shared/http/post.ts';
import { MAX_SESSION_AGE_MS } from '../../lambdas/shared/http/tls-sessions.ts';
import { trackResources } from '../support/open-resources.ts';
import { LONG_DEADLINE_MS } from './support/posting.ts';
import { tlsPostingFor } from './support/tls-posting.ts';

const open = trackResources();
afterEach(open.closeAll);
const { authority, localhostCertificate, postToPort } = tlsPostingFor(open);

/** Servers with the same keys accept the sessions of each other. */
const TICKET_KEYS = Buffer.alloc(48, 1);

/** A server that closes each connection after its response. `reused` has an entry for each request. */
async function startServer(tls: TlsOptions) {
  const reused: boolean[] = [];
  const server = open.add(
    await startRawServer(
      (socket) => {
        reused.push((socket as TLSSocket).isSessionReused());
        socket.end(httpAnswer(200, 'ok', ['Connection: close']));
      },
      { ticketKeys: TICKET_KEYS, ...tls },
    ),
  );
  return { port: server.port, reused, received: server.received, close: () => server.close() };
}

function startPosterAt(time: { now: number }): Poster {
  return open.add(
    createPoster({
      allowPrivateEndpoints: true,
      tls: { ca: authority.cert },
      deadlineMs: LONG_DEADLINE_MS,
      clock: { now: () => time.now },
    }),
  );
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('with %s', (maxVersion) => {
  it('a new connection to the same origin resumes the session of an earlier one', async () => {
    const poster = startPosterAt({ now: 0 });
    const { port, reused } = await startServer({ ...localhostCertificate(), maxVersion });

    for (let n = 0; n < 3; n++) {
      expect(await postToPort(port, poster)).toMatchObject({ kind: 'answered', status: 200, body: 'ok' });
    }

    expect(reused).toEqual([false, true, true]);
  });

  it('a session is not used for another origin [NET-30]', async () => {
    const poster = startPosterAt({ now: 0 });
    const tls = { ...localhostCertificate(), maxVersion };
    const [one, other] = [await startServer(tls), await startServer(tls)];

    await postToPort(one.port, poster);
    await postToPort(other.port, poster);

    expect(other.reused).toEqual([false]);
  });

  it('the certificate is verified again ten minutes after it was verified, also when sessions were renewed [NET-30]', async () => {
    const time = { now: 0 };
    const poster = startPosterAt(time);
    const { port, reused } = await startServer({ ...localhostCertificate(), maxVersion });

    for (const now of [0, MAX_SESSION_AGE_MS - 1, MAX_SESSION_AGE_MS]) {
      time.now = now;
      await postToPort(port, poster);
    }

    expect(reused).toEqual([false, true, false]);
  });

  it('a certificate that was refused is refused again, and nothing is sent [NET-30]', async () => {
    const poster = startPosterAt({ now: 0 });
    const wrong = localhostCertificate({ hosts: ['other.example'] });
    const { port, received } = await startServer({ ...wrong, maxVersion });

    for (let n = 0; n < 2; n++) {
      expect(await postToPort(port, poster)).toMatchObject({ kind: 'failed', error: 'tls_error' });
    }

    expect(received()).toBe('');
  });
});

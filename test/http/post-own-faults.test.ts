import { once } from 'node:events';
import { createServer } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createSecureContext, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { httpAnswer } from '../../fixtures/raw-server.ts';
import { type Network, openConnection } from '../../lambdas/shared/http/connection.ts';
import { type Answer, Exchange, type NoAnswer } from '../../lambdas/shared/http/exchange.ts';
import type { NameResolver } from '../../lambdas/shared/http/resolve.ts';
import type { Origin } from '../../lambdas/shared/http/target.ts';
import { trackResources } from '../support/open-resources.ts';
import { postingFor, READ_ALL, urlOf } from './support/posting.ts';

const open = trackResources();
afterEach(open.closeAll);
const { startPoster, startServer } = postingFor(open);

const REQUEST = { headers: {}, body: '{}', ...READ_ALL };
const DEFECT = new TypeError('a defect of this code');
const exhausted = (code: string): Error => Object.assign(new Error(code), { code });

const resolverWith = (methods: Partial<NameResolver>): NameResolver => ({
  resolve4: async () => [{ address: '127.0.0.1', ttl: 60 }],
  resolve6: async () => [],
  cancel: () => undefined,
  ...methods,
});

describe('an error of our own before a connection is open is thrown, not reported as a failure of the endpoint', () => {
  it.each([
    ['resolve4', DEFECT],
    ['resolve6', DEFECT],
    ['resolve4', exhausted('ENOMEM')],
  ] as const)('in the DNS query %s: %s [FAULT-48]', async (method, error) => {
    const resolver = resolverWith({ [method]: () => Promise.reject(error) });

    const result = startPoster({ resolver }).post({ url: 'http://receiver.test/', ...REQUEST });

    await expect(result).rejects.toBe(error);
  });

  it('in the DNS query for IPv6 while that for IPv4 is open: no rejection is unhandled', async () => {
    const ipv4 = Promise.withResolvers<never>();
    const resolver = resolverWith({
      resolve4: () => ipv4.promise,
      resolve6: () => Promise.reject(DEFECT),
    });
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);

    const result = startPoster({ resolver }).post({ url: 'http://receiver.test/', ...REQUEST });
    await nextTurn();
    ipv4.reject(exhausted('ENOTFOUND'));

    await expect(result).rejects.toBe(DEFECT);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it.each([DEFECT, exhausted('ERR_SYSTEM_ERROR')])(
    'in the choice of the addresses: %s [FAULT-48]',
    async (error) => {
      const hasIpv6 = () => {
        throw error;
      };

      await expect(startPoster({ hasIpv6 }).post({ url: 'http://[::1]/', ...REQUEST })).rejects.toBe(error);
    },
  );

  /** Sends one request with TLS to a server that accepts connections. */
  async function sendWith(sessions: Partial<Network['tls']['sessions']>): Promise<Answer | NoAnswer> {
    const server = createServer((socket) => socket.on('error', () => undefined));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.add({ close: async () => void server.close() });
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const origin = `https://receiver.test:${port}`;
    const target: Origin = { origin, secure: true, host: 'receiver.test', isAddress: false, port };
    const connection = openConnection(target, {
      findAddresses: async () => ({ ok: true, addresses: ['127.0.0.1'] }),
      tls: {
        secureContext: createSecureContext(),
        sessions: { find: () => undefined, watch: () => undefined, ...sessions },
      },
      onDefect: () => undefined,
    });
    const exchange = new Exchange(connection, READ_ALL.readBody, () => undefined);
    connection.send('/', REQUEST, exchange);
    return exchange.done;
  }

  it('when the socket is created [FAULT-48]', async () => {
    const find = () => {
      throw DEFECT;
    };

    await expect(sendWith({ find })).rejects.toBe(DEFECT);
  });

  it.each(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])(
    'when the socket fails with %s [FAULT-48]',
    async (code) => {
      const error = exhausted(code);
      const watch = (_: string, socket: TLSSocket): void => void socket.destroy(error);

      await expect(sendWith({ watch })).rejects.toBe(error);
    },
  );

  it('but an error of the endpoint is not', async () => {
    const watch = (_: string, socket: TLSSocket): void => void socket.destroy(exhausted('ECONNREFUSED'));

    expect(await sendWith({ watch })).toMatchObject({ kind: 'failed', error: 'connection_error' });
  });
});

describe('an error of our own while a response is read', () => {
  it('is a failure of the endpoint, since an endpoint could cause it with each delivery, and is reported [FAULT-48]', async () => {
    const server = await startServer((socket) => socket.write(httpAnswer(200, 'ok')));
    const onDefect = vi.fn();
    const readBody = () => {
      throw DEFECT;
    };

    const result = await startPoster({ onDefect }).post({ url: urlOf(server), ...REQUEST, readBody });

    expect(result).toMatchObject({ kind: 'failed', error: 'connection_error' });
    expect(onDefect.mock.calls).toEqual([[DEFECT]]);
  });
});

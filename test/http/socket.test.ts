import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';

import { waitUntilOpen } from '../../lambdas/shared/http/socket.ts';
import type { Origin } from '../../lambdas/shared/http/target.ts';

const ORIGIN: Origin = {
  origin: 'https://receiver.test',
  secure: true,
  host: 'receiver.test',
  isAddress: false,
  port: 443,
};

/** The error of a connection to these addresses, when the system reports this code. */
function errorFor(code: string, addresses: readonly string[]): Promise<unknown> {
  const socket = new Socket();
  const opening = waitUntilOpen(socket, ORIGIN, addresses);
  socket.destroy(Object.assign(new Error(code), { code }));
  return opening.catch((error: unknown) => error);
}

describe('a connection without a route', () => {
  it.each(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT'])(
    'fails with the reason that only IPv4 is reached when all addresses are IPv6: %s [NET-16]',
    async (code) => {
      expect(await errorFor(code, ['2606:4700::1', '2606:4700::2'])).toMatchObject({
        failure: {
          error: 'connection_error',
          reason:
            'receiver.test has only IPv6 addresses, and this deployment reaches IPv4 only; publish an A record',
        },
      });
    },
  );

  it('fails with the error of the system when an IPv4 address was tried, too', async () => {
    expect(await errorFor('ENETUNREACH', ['1.1.1.1', '2606:4700::1'])).toMatchObject({
      code: 'ENETUNREACH',
    });
  });

  it('fails with the error of the system when an IPv6 endpoint refuses the connection', async () => {
    expect(await errorFor('ECONNREFUSED', ['2606:4700::1'])).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

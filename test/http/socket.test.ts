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

/** What a connection to these addresses fails with, when the system reports this code. */
function failureOf(code: string, addresses: readonly string[]): Promise<unknown> {
  const socket = new Socket();
  const opening = waitUntilOpen(socket, ORIGIN, addresses);
  socket.destroy(Object.assign(new Error(code), { code }));
  return opening.catch((error: unknown) => error);
}

describe('a connection that has no route', () => {
  it.each(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT'])(
    'says that IPv6 is not reached when all addresses are IPv6: %s [NET-16]',
    async (code) => {
      expect(await failureOf(code, ['2606:4700::1', '2606:4700::2'])).toMatchObject({
        failure: {
          error: 'connection_error',
          reason:
            'receiver.test has only IPv6 addresses, and this deployment reaches IPv4 only; publish an A record',
        },
      });
    },
  );

  it('is an ordinary failure when an IPv4 address was tried, too', async () => {
    expect(await failureOf('ENETUNREACH', ['1.1.1.1', '2606:4700::1'])).toMatchObject({
      code: 'ENETUNREACH',
    });
  });

  it('is an ordinary failure when an IPv6 endpoint refuses the connection', async () => {
    expect(await failureOf('ECONNREFUSED', ['2606:4700::1'])).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

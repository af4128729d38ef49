import { describe, expect, it } from 'vitest';
import type { Connection } from '../../lambdas/shared/http/connection.ts';
import { createIdleConnections } from '../../lambdas/shared/http/idle-connections.ts';
import { testClock } from './support/test-clock.ts';

/** Connections of an execution environment that may be idle at the same time. */
const MAX_IDLE = 256;
/** The most remembered origins that sent unrequested bytes. */
const MAX_DISTRUSTED = 1_000;

interface TestConnection extends Connection {
  /** As when the endpoint closes the socket. */
  closeByPeer(options?: { unrequestedBytes?: boolean }): void;
}

/** A connection without a socket. */
function openConnection(origin = 'https://receiver.test', { isFlushed = true } = {}): TestConnection {
  let open = true;
  let gotUnrequestedBytes = false;
  let onClose = (): void => {};
  const close = (): void => {
    if (!open) return;
    open = false;
    onClose();
  };
  return {
    target: { origin, secure: true, host: new URL(origin).host, isAddress: false, port: 443 },
    stage: () => 'open',
    openingTimes: () => ({}),
    isOpen: () => open,
    isFlushed: () => isFlushed,
    send: () => {},
    gotUnrequestedBytes: () => gotUnrequestedBytes,
    onClose: (listener) => {
      onClose = listener;
    },
    destroy: close,
    closeByPeer({ unrequestedBytes = false } = {}) {
      gotUnrequestedBytes = unrequestedBytes;
      close();
    },
  };
}

function setUp() {
  const clock = testClock();
  const idle = createIdleConnections(clock);
  return { clock, ...idle };
}

/** Keeps a number of connections, one for each origin. */
function keepMany(keep: (connection: Connection) => void, count: number): TestConnection[] {
  const connections = Array.from({ length: count }, (_, n) => openConnection(`https://receiver-${n}.test`));
  for (const connection of connections) keep(connection);
  return connections;
}

const originOf = ({ target }: Connection): string => target.origin;

describe('an idle connection', () => {
  it('is taken once, the most recently used of its origin first', async () => {
    const { keep, take } = setUp();
    const [first, second, other] = [openConnection(), openConnection(), openConnection('https://other.test')];
    for (const connection of [first, second, other]) keep(connection);

    const taken = [await take(originOf(first)), await take(originOf(first)), await take(originOf(first))];

    expect(taken).toEqual([second, first, undefined]);
    expect(await take(originOf(other))).toBe(other);
  });

  it('that the peer closed is not taken, and the others of its origin are', async () => {
    const { keep, take } = setUp();
    const [first, second, third] = [openConnection(), openConnection(), openConnection()];
    for (const connection of [first, second, third]) keep(connection);

    first.closeByPeer();
    third.closeByPeer();

    expect(await take(originOf(first))).toBe(second);
    expect(await take(originOf(first))).toBeUndefined();
  });

  it('is closed instead of taken while a part of the last request is not written', async () => {
    const { keep, take } = setUp();
    const connection = openConnection(undefined, { isFlushed: false });
    keep(connection);

    expect(await take(originOf(connection))).toBeUndefined();
    expect(connection.isOpen()).toBe(false);
  });

  it('is not taken when it was opened a minute ago, counted from its first use [NET-22]', async () => {
    const { clock, keep, take } = setUp();
    const connection = openConnection();
    keep(connection);
    for (let second = 3; second < 60; second += 3) {
      clock.advance(3_000);
      keep((await take(originOf(connection))) ?? openConnection());
    }

    clock.advance(3_000);

    expect(await take(originOf(connection))).toBeUndefined();
    expect(connection.isOpen()).toBe(false);
  });
});

describe('the limit of idle connections', () => {
  it(`is ${MAX_IDLE}: another connection is closed`, () => {
    const { keep } = setUp();
    const kept = keepMany(keep, MAX_IDLE);
    const another = openConnection();

    keep(another);

    expect(another.isOpen()).toBe(false);
    expect(kept.every((connection) => connection.isOpen())).toBe(true);
  });

  it.each([
    [
      'taken',
      async (connection: TestConnection, take: (origin: string) => Promise<unknown>) => {
        await take(originOf(connection));
      },
    ],
    ['closed by the peer', async (connection: TestConnection) => connection.closeByPeer()],
  ])('counts no connection that was %s, and that one only once', async (_what, end) => {
    const { keep, take } = setUp();
    const [first] = keepMany(keep, MAX_IDLE);
    if (first === undefined) throw new Error('there is no connection');
    const [second, third] = [openConnection(), openConnection()];

    await end(first, take);
    first.closeByPeer();
    keep(second);
    keep(third);

    expect([second.isOpen(), third.isOpen()]).toEqual([true, false]);
  });
});

describe('an origin that sent unrequested bytes', () => {
  it('has no connection that is kept [NET-14]', () => {
    const { keep } = setUp();
    const [connection, later, other] = [
      openConnection(),
      openConnection(),
      openConnection('https://other.test'),
    ];
    keep(connection);
    connection.closeByPeer({ unrequestedBytes: true });

    keep(later);
    keep(other);

    expect([later.isOpen(), other.isOpen()]).toEqual([false, true]);
  });

  it(`is remembered with ${MAX_DISTRUSTED - 1} others; one more clears the list, and is remembered [NET-14]`, () => {
    const { keep } = setUp();
    const distrust = (n: number): void => {
      const connection = openConnection(`https://receiver-${n}.test`);
      keep(connection);
      connection.closeByPeer({ unrequestedBytes: true });
    };
    const isKept = (n: number): boolean => {
      const connection = openConnection(`https://receiver-${n}.test`);
      keep(connection);
      return connection.isOpen();
    };
    for (let n = 0; n < MAX_DISTRUSTED; n++) distrust(n);
    expect([isKept(0), isKept(MAX_DISTRUSTED - 1)]).toEqual([false, false]);

    distrust(MAX_DISTRUSTED);

    expect([isKept(0), isKept(MAX_DISTRUSTED)]).toEqual([true, false]);
  });
});

describe('closing', () => {
  it('closes the idle connections, those that are being taken, and those that are kept later', async () => {
    const { keep, take, close } = setUp();
    const [first, second, later] = [openConnection(), openConnection(), openConnection()];
    keep(first);
    keep(second);
    const taking = take(originOf(first));

    close();
    keep(later);

    expect([first, second, later].map((connection) => connection.isOpen())).toEqual([false, false, false]);
    expect(await taking).toBeUndefined();
  });
});

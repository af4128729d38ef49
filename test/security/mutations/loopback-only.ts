/**
 * Loaded before the tests of a mutation, which may have lost the very guard that keeps them on this machine:
 * no connection goes anywhere else, whatever asks for it.
 */
const ECONNREFUSED = -111;
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

type Connect = (request: unknown, address: string, ...rest: unknown[]) => number;

// Below net and tls, where every connection comes by: Node has no other place for it.
const { TCP } = Reflect.get(process, 'binding')('tcp_wrap');
for (const name of ['connect', 'connect6']) {
  const connect: Connect = TCP.prototype[name];
  TCP.prototype[name] = function (this: unknown, request: unknown, address: string, ...rest: unknown[]) {
    if (!LOOPBACK.test(address)) return ECONNREFUSED;
    return Reflect.apply(connect, this, [request, address, ...rest]);
  };
}

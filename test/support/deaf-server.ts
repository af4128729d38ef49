import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

/** Listens, stops at once, and so accepts nothing: what its short queue does not hold gets no answer. */
const PROGRAM = `
  require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
    console.log(this.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;
const MORE_THAN_THE_QUEUE_HOLDS = 4;

/** A port to which a connection leads nowhere: it is neither accepted nor refused. */
export async function startDeafServer(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await once(child.stdout, 'data');
  const port = Number(output);
  const waiting = Array.from({ length: MORE_THAN_THE_QUEUE_HOLDS }, () =>
    connect(port, '127.0.0.1').on('error', () => {}),
  );
  await Promise.race(waiting.map((socket) => once(socket, 'connect')));
  return {
    port,
    close: async () => {
      for (const socket of waiting) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

/** Listens with a backlog of 1 and blocks its thread, so it accepts nothing. SYNs beyond the backlog get no answer. */
const PROGRAM = `
  require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
    console.log(this.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;
const CONNECTIONS_THAT_FILL_THE_BACKLOG = 4;

/** A port whose connections are neither accepted nor refused. */
export async function startNonAcceptingServer(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await once(child.stdout, 'data');
  const port = Number(output);
  const waiting = Array.from({ length: CONNECTIONS_THAT_FILL_THE_BACKLOG }, () =>
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

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

/** Ends a server whose test process was killed. */
const LIFE_LIMIT_MS = 1_800_000;
/** Listens, then blocks, so that it accepts nothing: connections beyond its short queue get no answer. */
const PROGRAM = `
  require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
    console.log(this.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${LIFE_LIMIT_MS});
    process.exit();
  });`;
const MORE_THAN_THE_QUEUE_HOLDS = 4;

/** A port that neither accepts nor refuses connections. */
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

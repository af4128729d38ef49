import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { FuzzAnswer, SentRequest } from '../../api-fuzz/answer-rules.ts';

/** Limit for the time without any byte from the server. */
const LIMIT_MS = 300_000;
const END_OF_HEAD = '\r\n\r\n';

/** Sends bytes over a new connection. Returns undefined when the server closes it without an answer. */
export function exchangeBytes(port: number, bytes: Buffer | string): Promise<FuzzAnswer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const finish = (): void => {
      socket.destroy();
      resolve(readAnswer(Buffer.concat(chunks)));
    };
    socket.setTimeout(LIMIT_MS, () =>
      socket.destroy(new Error(`no answer to ${String(bytes).slice(0, 500)}`)),
    );
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', finish);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // The server may close the connection before it has read all bytes.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') finish();
      else reject(error);
    });
  });
}

/** Returns the bytes of a request with `Connection: close`. */
export function writeRequest({ method, target, headers, body }: SentRequest): Buffer {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const all = [
    ...(names.has('host') ? [] : [['host', '127.0.0.1']]),
    ...headers,
    ['connection', 'close'],
    ...(body === undefined ? [] : [['content-length', String(body.length)]]),
  ];
  const head = [
    `${method} ${target} HTTP/1.1`,
    ...all.map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head), body ?? Buffer.alloc(0)]);
}

function readAnswer(bytes: Buffer): FuzzAnswer | undefined {
  // Skip an interim response.
  const start = bytes.toString('latin1', 0, 12) === 'HTTP/1.1 100' ? bytes.indexOf(END_OF_HEAD) + 4 : 0;
  const end = bytes.indexOf(END_OF_HEAD, start);
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.toString('utf8', start, end).split('\r\n');
  const headers: Record<string, string> = Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.toLowerCase(), value.join(':').trim()];
    }),
  );
  const body = bytes.subarray(end + 4);
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    text: (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString(),
  };
}

import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { issueCertificate } from '../../fixtures/certificates.ts';

export interface AwsServer {
  /** `https://localhost:<port>` */
  readonly url: string;
  /** The server's self-signed certificate, in PEM. */
  readonly ca: string;
  close(): void;
}

/** A TLS server that answers the calls of this benchmark, in a process of its own: its CPU time is not counted. */
export async function startAwsServer(): Promise<AwsServer> {
  const child = fork(import.meta.filename);
  const [started] = await once(child, 'message');
  return { ...started, close: () => child.kill() };
}

type Answer = (input: { Entries?: { Id: string; MessageBody: string }[] }) => object;

const ANSWERS: Readonly<Record<string, Answer>> = {
  'DynamoDB_20120810.BatchWriteItem': () => ({ UnprocessedItems: {} }),
  'DynamoDB_20120810.PutItem': () => ({}),
  'DynamoDB_20120810.GetItem': () => ({ Item: item() }),
  'DynamoDB_20120810.Query': () => ({ Count: 1, ScannedCount: 1, Items: [item()] }),
  'AmazonSQS.SendMessageBatch': ({ Entries = [] }) => ({
    Failed: [],
    Successful: Entries.map(({ Id, MessageBody }) => ({
      Id,
      MessageId: crypto.randomUUID(),
      MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
    })),
  }),
};

/** About as large as a webhook's item. */
function item(): object {
  return {
    pk: { S: 'ACCOUNT#acct_1' },
    sk: { S: 'WEBHOOK#wh_1' },
    url: { S: 'https://hooks.example.com/orders' },
    events: { L: [{ S: 'file.uploaded' }, { S: 'file.deleted' }] },
    status: { S: 'active' },
    secrets: { L: [{ M: { data_key: { N: '1' }, sealed: { S: 'a'.repeat(100) } } }] },
    verified: { BOOL: true },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const known = ANSWERS[String(request.headers['x-amz-target'])];
  const body =
    known === undefined ? undefined : JSON.stringify(known(JSON.parse(Buffer.concat(chunks).toString())));
  response.writeHead(body === undefined ? 400 : 200, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body ?? ''),
    'x-amzn-requestid': crypto.randomUUID(),
    'x-amz-crc32': '0',
  });
  response.end(body);
}

if (process.send !== undefined && process.argv[1] === import.meta.filename) {
  const { cert, key } = issueCertificate({ name: 'localhost', hosts: ['localhost'] });
  const server = createServer({ cert, key, keepAliveTimeout: 120_000 }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    process.send?.({ url: `https://localhost:${port}`, ca: cert });
  });
}

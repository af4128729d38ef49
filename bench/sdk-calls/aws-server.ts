import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { issueCertificate } from '../../fixtures/certificates.ts';

export interface AwsServer {
  /** `https://localhost:<port>` */
  readonly url: string;
  /** The server's self-signed certificate, in PEM. */
  readonly ca: string;
  close(): void;
}

/**
 * A TLS server that answers the calls of benchmarks, in a process of its own: its CPU time is not counted. It stores
 * nothing. `items`, in DynamoDB's typed JSON: every Query returns those that have no `key_only`, and GetItem finds each
 * by its sort key. Default: one item, which every call finds.
 */
export async function startAwsServer(items: readonly TypedItem[] = []): Promise<AwsServer> {
  const child = fork(import.meta.filename);
  child.send(items.map(toJson));
  const [started] = await once(child, 'message');
  return { ...started, close: () => child.kill() };
}

/** The environment variables of Lambda, with which a function's AWS clients call this server. */
export function setEnvironment({ url }: Pick<AwsServer, 'url'>): void {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    AWS_SESSION_TOKEN: 't'.repeat(600),
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: url,
  });
}

/** Bytes are in base64 in DynamoDB's JSON. */
function toJson(typed: TypedItem): object {
  return Object.fromEntries(
    Object.entries(typed).map(([name, value]) => [
      name,
      value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') },
    ]),
  );
}

export type TypedItem = Readonly<Record<string, AttributeValue>>;

interface Input {
  readonly Entries?: readonly { readonly Id: string; readonly MessageBody: string }[];
  readonly Key?: TypedItem;
}
type Answer = (input: Input) => object;

let items: readonly TypedItem[] = [];
let listed: readonly object[] = [];

const ANSWERS: Readonly<Record<string, Answer>> = {
  'DynamoDB_20120810.BatchWriteItem': () => ({ UnprocessedItems: {} }),
  'DynamoDB_20120810.PutItem': () => ({}),
  'DynamoDB_20120810.GetItem': ({ Key }) => ({ Item: find(Key) }),
  'DynamoDB_20120810.Query': () => ({ Count: listed.length, ScannedCount: listed.length, Items: listed }),
  'AmazonSQS.SendMessageBatch': ({ Entries = [] }) => ({
    Failed: [],
    Successful: Entries.map(({ Id, MessageBody }) => ({
      Id,
      MessageId: crypto.randomUUID(),
      MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
    })),
  }),
};

function find(key: TypedItem | undefined): object | undefined {
  return items.length === 0 ? item() : items.find(({ sk }) => sk?.S === key?.sk?.S);
}

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
  process.once('message', (given: TypedItem[]) => {
    items = given;
    listed =
      items.length === 0 ? [item()] : items.filter(({ key_only: isKeyOnly }) => isKeyOnly === undefined);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      process.send?.({ url: `https://localhost:${port}`, ca: cert });
    });
  });
}

import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Behaviour, httpAnswer, type RawServer, startRawServer } from '../../../fixtures/raw-server.ts';
import { createAtFirstCall, createClientFactory } from '../../../lambdas/shared/runtime/aws/clients.ts';

const DATE = `Date: ${new Date().toUTCString()}`;
const NOON = 'Date: Thu, 26 Nov 2026 12:00:00 GMT';
const ITEM = JSON.stringify({ Item: { pk: { S: 'é ✓' } } });
const GET = { TableName: 'webhooks', Key: { pk: { S: 'ACCOUNT#1' } } };

const servers: RawServer[] = [];

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKID1');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
});

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A function's clients, whose calls a server answers with bytes. `requests` are all requests so far. */
async function clientsOf(behave: Behaviour) {
  const requests: string[] = [];
  const sockets = new Set<{ destroy(): void }>();
  const server = await startRawServer((socket, request, count) => {
    requests.push(request);
    sockets.add(socket);
    behave(socket, request, count);
  });
  servers.push(server);
  const url = `http://127.0.0.1:${server.port}`;
  vi.stubEnv('AWS_ENDPOINT_URL', url);
  const createClient = createClientFactory({ maxSockets: 10 });
  const dynamodb = createClient(DynamoDBClient, 'dynamodb');
  const sqs = createClient(SQSClient, 'sqs');
  return {
    server,
    requests,
    get: () => dynamodb.send(new GetItemCommand(GET)),
    sendBatch: () =>
      sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: `${url}/123456789012/first`,
          Entries: [{ Id: '0', MessageBody: 'hello' }],
        }),
      ),
    /** Closes all connections at once. The clients notice it later. */
    closeConnections: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Answers the n-th request with the n-th answer, and further ones with the last. */
function inTurn(...answers: readonly string[]): Behaviour {
  let next = 0;
  return (socket) => {
    socket.write(answers[Math.min(next++, answers.length - 1)] ?? '');
  };
}

function awsError(status: number, type: string, headers: readonly string[] = [DATE]): string {
  return httpAnswer(status, JSON.stringify({ __type: type, message: 'why' }), headers);
}

function headerIn(request: string, name: string): string | undefined {
  return new RegExp(`^${name}: (.*)\\r$`, 'im').exec(request)?.[1];
}

it('parses a response that arrives in pieces', async () => {
  const answer = Buffer.from(httpAnswer(200, ITEM));
  const { get } = await clientsOf((socket) => {
    let sent = 0;
    const sendByte = (): void => {
      if (sent < answer.length) socket.write(answer.subarray(sent, ++sent), () => setImmediate(sendByte));
    };
    sendByte();
  });

  await expect(get()).resolves.toMatchObject({ Item: { pk: { S: 'é ✓' } } });
});

it('parses a chunked response', async () => {
  const size = Buffer.byteLength(ITEM).toString(16);
  const { get } = await clientsOf(
    inTurn(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${size}\r\n${ITEM}\r\n0\r\n\r\n`),
  );

  await expect(get()).resolves.toMatchObject({ Item: { pk: { S: 'é ✓' } } });
});

it('sends further calls over the same connection', async () => {
  const { get, server } = await clientsOf(inTurn(httpAnswer(200, ITEM)));

  for (let n = 0; n < 3; n++) await get();

  expect(server.connections()).toBe(1);
});

it('succeeds after the other side closed all kept connections while the function was frozen', async () => {
  const { get, server, closeConnections } = await clientsOf(inTurn(httpAnswer(200, ITEM)));
  await Promise.all(Array.from({ length: 8 }, get));
  expect(server.connections()).toBe(8);

  closeConnections();
  // In the same turn: the client has not seen that its connections are closed.
  const thawed = get();

  await expect(thawed).resolves.toMatchObject({ Item: { pk: { S: 'é ✓' } } });
});

it('repeats a call whose response is cut', async () => {
  let calls = 0;
  const { get, requests } = await clientsOf((socket) => {
    if (++calls === 1) socket.end(httpAnswer(200, ITEM).slice(0, -5));
    else socket.write(httpAnswer(200, ITEM));
  });

  await expect(get()).resolves.toMatchObject({ Item: { pk: { S: 'é ✓' } } });
  expect(requests).toHaveLength(2);
});

it('repeats a call without a complete response after 2 s', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let calls = 0;
  const { get, requests } = await clientsOf((socket) => {
    if (++calls > 1) {
      socket.write(httpAnswer(200, ITEM));
      return;
    }
    socket.write(httpAnswer(200, ITEM).slice(0, -5));
    void vi.advanceTimersByTimeAsync(1_999).then(async () => {
      expect(requests).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      // The wait of the SDK before it tries again.
      setImmediate(() => vi.useRealTimers());
      await vi.advanceTimersByTimeAsync(1_000);
    });
  });

  await expect(get()).resolves.toMatchObject({ Item: { pk: { S: 'é ✓' } } });
  expect(requests).toHaveLength(2);
});

it('throws a refused condition with its name and does not repeat the call', async () => {
  const answer = awsError(400, 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException');
  const { get, requests } = await clientsOf(inTurn(answer));

  await expect(get()).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    message: 'why',
    $metadata: { httpStatusCode: 400 },
  });
  expect(requests).toHaveLength(1);
});

it('throws the error of a response whose body is not JSON', async () => {
  const { get, requests } = await clientsOf(inTurn(httpAnswer(400, '<html>', [DATE])));

  await expect(get()).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  expect(requests).toHaveLength(1);
});

it.each([
  ['ThrottlingException', 400],
  ['ProvisionedThroughputExceededException', 400],
  ['InternalServerError', 500],
  ['ServiceUnavailable', 503],
])('repeats a call that fails with %s', async (type, status) => {
  const { get, requests } = await clientsOf(inTurn(awsError(status, type), httpAnswer(200, ITEM)));

  await expect(get()).resolves.toMatchObject({ Item: { pk: { S: 'é ✓' } } });
  expect(requests).toHaveLength(2);
});

it('gives up after three attempts', async () => {
  const { get, requests } = await clientsOf(inTurn(awsError(503, 'ServiceUnavailable')));

  await expect(get()).rejects.toMatchObject({ name: 'ServiceUnavailable', $metadata: { attempts: 3 } });
  expect(requests).toHaveLength(3);
});

it('signs the next attempt with the time of AWS when the clock of the function is wrong', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-26T09:00:00Z') });
  const { get, requests } = await clientsOf(
    inTurn(awsError(400, 'InvalidSignatureException', [NOON]), httpAnswer(200, ITEM, [NOON])),
  );

  await get();

  expect(requests.map((request) => headerIn(request, 'x-amz-date'))).toEqual([
    '20261126T090000Z',
    '20261126T120000Z',
  ]);
});

it('signs each call with the credentials that are set at that time', async () => {
  const { get, requests } = await clientsOf(inTurn(httpAnswer(200, ITEM)));

  await get();
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKID2');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  await get();

  const [first = '', second = ''] = requests;
  expect(headerIn(first, 'authorization')).toContain('Credential=AKID1/');
  expect(headerIn(first, 'x-amz-security-token')).toBeUndefined();
  expect(headerIn(second, 'authorization')).toContain('Credential=AKID2/');
  expect(headerIn(second, 'x-amz-security-token')).toBe('token');
});

it('signs every x-amz header, and passes the trace header of the invocation unsigned', async () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  const { get, requests } = await clientsOf(inTurn(httpAnswer(200, ITEM)));

  await get();

  const [request = ''] = requests;
  const names = [...request.matchAll(/^(x-amz-[\w-]+):/gim)].map(([, name = '']) => name.toLowerCase());
  const signed = /SignedHeaders=([\w;-]+)/.exec(request)?.[1]?.split(';') ?? [];
  expect(names).toContain('x-amz-target');
  expect(signed).toEqual(expect.arrayContaining(names));
  expect(headerIn(request, 'x-amzn-trace-id')).toBe('Root=1-5759e988-bd862e3fe1be46a994272793');
  expect(signed).not.toContain('x-amzn-trace-id');
});

it('accepts the result of SQS without hashing the messages again', async () => {
  const answer = JSON.stringify({ Successful: [{ Id: '0', MessageId: 'm', MD5OfMessageBody: 'none' }] });
  const { sendBatch, requests } = await clientsOf(inTurn(httpAnswer(200, answer)));

  await expect(sendBatch()).resolves.toMatchObject({ Successful: [{ Id: '0' }] });
  expect(headerIn(requests[0] ?? '', 'authorization')).toContain('/eu-west-1/sqs/aws4_request');
});

it.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('names a missing %s', async (name) => {
  const { get } = await clientsOf(inTurn(httpAnswer(200, ITEM)));
  vi.stubEnv(name, '');

  await expect(get()).rejects.toThrow(`${name}`);
});

it('names a missing region', () => {
  vi.stubEnv('AWS_REGION', '');

  expect(() => createClientFactory({ maxSockets: 1 })).toThrow('AWS_REGION is not set');
});

it('makes a client at its first call, and uses it for all further calls', async () => {
  const { requests } = await clientsOf(inTurn(httpAnswer(200, ITEM)));
  const createClient = createClientFactory({ maxSockets: 1 });
  let made = 0;
  const client = createAtFirstCall(() => {
    made += 1;
    return createClient(DynamoDBClient, 'dynamodb');
  });
  expect(made).toBe(0);

  const answers = await Promise.all([
    client.send(new GetItemCommand(GET)),
    client.send(new GetItemCommand(GET)),
  ]);

  expect(answers).toMatchObject([{ Item: { pk: { S: 'é ✓' } } }, { Item: { pk: { S: 'é ✓' } } }]);
  expect(requests).toHaveLength(2);
  expect(made).toBe(1);
});

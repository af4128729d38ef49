import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isJsonObject } from '../lambdas/shared/domain/json-object.ts';
import {
  type AwsCall,
  type AwsCalls,
  AwsError,
  CutAnswer,
  type Json,
  type ServiceName,
} from './aws-calls.ts';
import { readInvokeRequest, sendInvokeAnswer, sendInvokeError } from './invoke-protocol.ts';
import { readBody } from './read-request.ts';
import { environmentOf } from './session-token.ts';

/** The HTTP endpoint of the local cloud for AWS's SDKs and command line. */
export interface Endpoint {
  /** `http://127.0.0.1:<port>`, the value for `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly port: number;
  /** Closes open connections, too, including long polls. */
  close(): Promise<void>;
}

export interface EndpointDependencies {
  readonly calls: AwsCalls;
  /** Default: a free port. */
  readonly port?: number;
  /** Called with an internal error of the local cloud. Default: it is printed. */
  readonly onInternalError?: (error: unknown, call: AwsCall) => void;
}

/** Loopback only: signatures are not verified, so any caller can act as the administrator. */
const HOST = '127.0.0.1';

/** DynamoDB's limit, the largest of the services'. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

interface Protocol {
  readonly service: ServiceName;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  /** Prefix of the type of an error that the service defines. */
  readonly errorPrefix: string;
}

/** The protocols by the part of the header X-Amz-Target before the dot. */
const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map<string, Protocol>([
  [
    'AmazonSQS',
    { service: 'sqs', contentType: 'application/x-amz-json-1.0', errorPrefix: 'com.amazonaws.sqs#' },
  ],
  [
    'DynamoDB_20120810',
    {
      service: 'dynamodb',
      contentType: 'application/x-amz-json-1.0',
      errorPrefix: 'com.amazonaws.dynamodb.v20120810#',
    },
  ],
  ['AWSEvents', { service: 'events', contentType: 'application/x-amz-json-1.1', errorPrefix: '' }],
  [
    'GraniteServiceVersion20100801',
    {
      service: 'cloudwatch',
      contentType: 'application/x-amz-json-1.0',
      errorPrefix: 'com.amazonaws.cloudwatch#',
    },
  ],
  ['TrentService', { service: 'kms', contentType: 'application/x-amz-json-1.1', errorPrefix: '' }],
]);

/** Serves SQS, DynamoDB, EventBridge, KMS and alarms in AWS's JSON protocols, and Lambda's Invoke. Signatures are read, not verified. */
export async function startEndpoint(deps: EndpointDependencies): Promise<Endpoint> {
  const onInternalError = deps.onInternalError ?? printInternalError;
  const server = createServer((request, response) => {
    serve(request, response, deps.calls, onInternalError).catch((error: unknown) => {
      // Only a broken connection causes this: no response can be sent.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  // Above the default of 5 s: a client may send on an idle connection while the server closes it.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(deps.port ?? 0, HOST, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://${HOST}:${port}`,
    port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  calls: AwsCalls,
  onInternalError: (error: unknown, call: AwsCall) => void,
): Promise<void> {
  const body = await readBody(request, MAX_REQUEST_BYTES);
  const received = readInvoke(request, response, body) ?? readTarget(request, response, body);
  if (received === undefined) {
    return send(response, 400, 'application/x-amz-json-1.0', {
      __type: 'com.amazon.coral.service#UnknownOperationException',
    });
  }
  const principal = readAccessKeyId(request.headers.authorization);
  const environment = environmentOf(request.headers['x-amz-security-token']?.toString());
  const call: AwsCall = {
    principal: principal ?? '',
    ...(environment === undefined ? {} : { environment }),
    service: received.service,
    action: received.action,
    input: received.input ?? {},
  };
  try {
    if (body === undefined)
      throw new AwsError({ code: 'RequestEntityTooLarge', message: 'Request too large', status: 413 });
    if (principal === undefined) throw missingToken();
    if (received.input === undefined)
      throw new AwsError({
        code: 'SerializationException',
        message: 'The request body is not a JSON object',
      });
    const connectionClosed = new AbortController();
    response.once('close', () => connectionClosed.abort('closed'));
    received.answer(await calls.call(call, connectionClosed.signal));
  } catch (error) {
    if (error instanceof CutAnswer) return void response.destroy();
    const refusal = error instanceof AwsError ? error : internalFailure(error);
    if (refusal !== error) onInternalError(error, call);
    received.refuse(refusal);
  }
}

/** A received call, and the functions that send its result. */
interface ReceivedCall {
  readonly service: ServiceName;
  readonly action: string;
  /** Undefined if the body cannot be parsed. */
  readonly input: Json | undefined;
  answer(output: Json): void;
  refuse(error: AwsError): void;
}

function readInvoke(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer | undefined,
): ReceivedCall | undefined {
  const input = readInvokeRequest(request);
  if (input === undefined) return undefined;
  return {
    service: 'lambda',
    action: 'Invoke',
    input: { ...input, Payload: body?.toString() ?? '' },
    answer: (output) => sendInvokeAnswer(response, output, randomUUID()),
    refuse: (error) => sendInvokeError(response, error, randomUUID()),
  };
}

function readTarget(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer | undefined,
): ReceivedCall | undefined {
  const [target = '', action = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  const protocol = PROTOCOLS.get(target);
  if (protocol === undefined || action === '') return undefined;
  return {
    service: protocol.service,
    action,
    input: body === undefined ? undefined : readJson(body),
    answer: (output) => send(response, 200, protocol.contentType, output),
    refuse: (error) => sendError(response, protocol, error),
  };
}

function readJson(body: Buffer): Json | undefined {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString());
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `AWS4-HMAC-SHA256 Credential=<access key id>/<date>/<region>/<service>/aws4_request, …` */
function readAccessKeyId(authorization: string | undefined): string | undefined {
  return /^AWS4-[A-Z0-9-]+ .*?Credential=([^/,\s]+)\//.exec(authorization ?? '')?.[1];
}

function sendError(response: ServerResponse, protocol: Protocol, error: AwsError): void {
  if (protocol.service === 'sqs') {
    const side = error.status < 500 ? 'Sender' : 'Receiver';
    response.setHeader('x-amzn-query-error', `${error.queryCode ?? error.code};${side}`);
  }
  const type = `${isCommon(error.code) ? commonPrefix(protocol) : protocol.errorPrefix}${error.code}`;
  send(response, error.status, protocol.contentType, { __type: type, message: error.message });
}

/** Errors that all of AWS's services share. */
function isCommon(code: string): boolean {
  return /^(AccessDenied|UnrecognizedClient|MissingAuthenticationToken|Serialization|UnknownOperation|InvalidParameterValue|MissingRequiredParameter)/.test(
    code,
  );
}

function commonPrefix({ errorPrefix }: Protocol): string {
  return errorPrefix === '' ? '' : 'com.amazon.coral.service#';
}

function send(response: ServerResponse, status: number, contentType: string, body: Json): void {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(text);
}

function missingToken(): AwsError {
  return new AwsError({
    code: 'MissingAuthenticationTokenException',
    message: 'Request is missing Authentication Token',
    queryCode: 'MissingAuthenticationToken',
  });
}

function internalFailure(error: unknown): AwsError {
  const message = error instanceof Error ? error.message : String(error);
  return new AwsError({
    code: 'InternalFailure',
    message: `The local cloud failed: ${message}`,
    status: 500,
  });
}

function printInternalError(error: unknown, { service, action }: AwsCall): void {
  console.error(`local cloud: ${service}:${action} failed`, error);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AwsError, Json } from './aws-calls.ts';
import { decodePercent } from './read-request.ts';

// Lambda's API is REST, not one of AWS's JSON protocols.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(\?.*)?$/;

/** The input of Invoke, without its payload; undefined for every other request. */
export function readInvokeRequest({ method, url = '', headers }: IncomingMessage): Json | undefined {
  const [, name] = INVOKE_PATH.exec(url) ?? [];
  if (method !== 'POST' || name === undefined) return undefined;
  const type = headers['x-amz-invocation-type'];
  return {
    FunctionName: decodePercent(name),
    ...(type === undefined ? {} : { InvocationType: String(type) }),
  };
}

export function sendInvokeAnswer(
  response: ServerResponse,
  { Payload, FunctionError }: Json,
  id: string,
): void {
  if (FunctionError !== undefined) response.setHeader('x-amz-function-error', String(FunctionError));
  response.setHeader('x-amz-executed-version', '$LATEST');
  send(response, 200, String(Payload), id);
}

export function sendInvokeError(response: ServerResponse, error: AwsError, id: string): void {
  response.setHeader('x-amzn-errortype', error.code);
  const type = error.status < 500 ? 'User' : 'Service';
  send(response, error.status, JSON.stringify({ Type: type, Message: error.message }), id);
}

function send(response: ServerResponse, status: number, text: string, id: string): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': id,
  });
  response.end(text);
}

import { AwsError, type AwsService, type Json } from '../aws-calls.ts';
import type { Lambda } from './service.ts';

/** Lambda quota: the payload of a synchronous invocation. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** The input and output of `Invoke` in this process. Payloads are JSON texts. */
export interface InvokeOutput extends Json {
  readonly Payload: string;
  /** `Unhandled` when the function threw or timed out, or its environment ended. The payload is then the error. */
  readonly FunctionError?: 'Unhandled';
}

/** Lambda's action Invoke, synchronous only. `lambda` is called with each invocation. */
export function createInvokeService(lambda: () => Pick<Lambda, 'arnOf' | 'invoke'>): AwsService {
  return {
    async call(action, { FunctionName: name, InvocationType: type = 'RequestResponse', Payload: payload }) {
      if (action !== 'Invoke') {
        throw new AwsError({
          code: 'UnknownOperationException',
          message: `The local cloud's Lambda does not support ${action}; it supports Invoke.`,
          status: 404,
        });
      }
      if (type !== 'RequestResponse') {
        throw new AwsError({
          code: 'InvalidParameterValueException',
          message: `The local cloud's Lambda does not support the invocation type ${String(type)}; it supports RequestResponse.`,
        });
      }
      const arn = lambda().arnOf(String(name));
      if (arn === undefined) {
        throw new AwsError({
          code: 'ResourceNotFoundException',
          message: `Function not found: ${String(name)}`,
          status: 404,
        });
      }
      const invocation = await lambda().invoke(arn, parsePayload(payload));
      if (invocation.kind === 'returned') return { Payload: invocation.payload } satisfies InvokeOutput;
      const output: InvokeOutput = { Payload: JSON.stringify(invocation.error), FunctionError: 'Unhandled' };
      return output;
    },
  };
}

/** Without a payload the event is an empty object. */
function parsePayload(payload: unknown): unknown {
  const text = typeof payload === 'string' && payload !== '' ? payload : '{}';
  if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES) {
    throw new AwsError({
      code: 'RequestTooLargeException',
      message: `Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation`,
      status: 413,
    });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError({
      code: 'InvalidRequestContentException',
      message: 'Could not parse request body into json',
    });
  }
}

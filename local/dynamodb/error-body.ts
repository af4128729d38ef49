import { AwsError } from '../calls.ts';

/** The refusal that the body of a DynamoDB answer describes, or undefined when it describes none. */
export function readErrorBody(body: unknown, status: number): AwsError | undefined {
  if (typeof body !== 'object' || body === null || !('__type' in body)) return undefined;
  const code = String(body.__type).replace(/^.*#/, '');
  // Serialization errors spell it with a capital.
  const message = 'message' in body ? body.message : 'Message' in body ? body.Message : '';
  return new AwsError({ code, message: String(message), status });
}

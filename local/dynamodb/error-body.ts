import { AwsError } from '../aws-calls.ts';

/** The error in the body of a DynamoDB response; undefined when the body has none. */
export function readErrorBody(body: unknown, status: number): AwsError | undefined {
  if (typeof body !== 'object' || body === null || !('__type' in body)) return undefined;
  const code = String(body.__type).replace(/^.*#/, '');
  // Serialization errors have `Message`, all others `message`.
  const message = 'message' in body ? body.message : 'Message' in body ? body.Message : '';
  return new AwsError({ code, message: String(message), status });
}

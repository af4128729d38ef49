/** How to correct an error of AWS or of the network, by the error's name or code. */
const ADVICE: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, for the account of the stack',
  ExpiredToken: 'the credentials have expired: sign in again',
  ExpiredTokenException: 'the credentials have expired: sign in again',
  InvalidClientTokenId: 'AWS does not know these credentials: sign in again, or choose another AWS_PROFILE',
  UnrecognizedClientException:
    'AWS does not know these credentials: sign in again, or choose another AWS_PROFILE',
  SignatureDoesNotMatch:
    'the secret access key does not belong to the access key id: correct the credentials',
  InvalidSignatureException:
    'the secret access key does not belong to the access key id: correct the credentials',
  AccessDenied: 'use credentials with this permission',
  AccessDeniedException: 'use credentials with this permission',
  Throttling: 'AWS limits the rate of these calls: run the command again later',
  ThrottlingException: 'AWS limits the rate of these calls: run the command again later',
  ThrottledException: 'AWS limits the rate of these calls: run the command again later',
  TooManyRequestsException: 'AWS limits the rate of these calls: run the command again later',
  RequestThrottled: 'AWS limits the rate of these calls: run the command again later',
  RequestLimitExceeded: 'AWS limits the rate of these calls: run the command again later',
  ProvisionedThroughputExceededException:
    'DynamoDB limits the rate of these calls: run the command again later',
  TokenProviderError: 'sign in again with "aws sso login"',
  ResourceNotFoundException: 'a resource of the stack does not exist: deploy the stack again',
  ECONNREFUSED: 'nothing listens at this address: has the local cloud stopped, or is AWS_ENDPOINT_URL set?',
  EADDRINUSE: 'another program listens on this port: choose another port, or omit the option',
  ECONNRESET: 'the connection was interrupted: run the command again',
  ENOTFOUND: 'the name has no address: check AWS_REGION and the network',
  EAI_AGAIN: 'the name could not be resolved: check the network',
  ETIMEDOUT: 'there was no response in time: check the network',
  TimeoutError: 'there was no response in time: check the network',
};

/** An error as one sentence: its message, and how to correct it where that is known. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // When a host name has several addresses, Node reports a failed connection as an error without a message.
  const cause = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  const code = 'code' in cause ? String(cause.code) : '';
  const message = cause.message || code || cause.name;
  const advice = [cause.name, code].flatMap((key) => (Object.hasOwn(ADVICE, key) ? [ADVICE[key]] : []))[0];
  return advice === undefined ? message : `${message.replace(/\.$/, '')}; ${advice}`;
}

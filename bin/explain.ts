/** What to do about an error of AWS or of the network, by the error's name or code. */
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
  ResourceNotFoundException: 'the stack names something that does not exist: deploy it again',
  ECONNREFUSED: 'nothing answers there: has the local cloud stopped, or is AWS_ENDPOINT_URL set?',
  ECONNRESET: 'the connection was interrupted: run the command again',
  ENOTFOUND: 'the name has no address: check AWS_REGION and the network',
  EAI_AGAIN: 'the name could not be resolved: check the network',
  ETIMEDOUT: 'there was no answer in time: check the network',
  TimeoutError: 'there was no answer in time: check the network',
};

/** An error as one sentence: what happened, and what to do where that is known. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node reports a failed connection to a name with several addresses as an error without a message.
  const cause = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  const code = 'code' in cause ? String(cause.code) : '';
  const what = cause.message || code || cause.name;
  const advice = [cause.name, code].flatMap((key) => (Object.hasOwn(ADVICE, key) ? [ADVICE[key]] : []))[0];
  return advice === undefined ? what : `${what.replace(/\.$/, '')}; ${advice}`;
}

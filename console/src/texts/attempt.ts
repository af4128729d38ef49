import { duration, number } from './language.ts';

/** What happened in an attempt. Failures begin with a small letter and have no full stop. */
export const ATTEMPT = {
  answered: (status: number) => `your server answered ${status}`,
  answeredIn: (status: number, ms: number) => `Answered ${status} in ${duration(ms)}`,
  acceptedIn: (ms: number) => `Accepted in ${duration(ms)}`,
  redirected: (status: number) => `your server answered ${status}, a redirect`,
  timedOut: (ms: number) => `your server did not answer within ${duration(ms)}`,
  failures: {
    dns_error: 'the name of your server was not found in DNS',
    connection_error: 'the connection to your server failed',
    tls_error: 'no trusted TLS connection to your server was possible',
    protocol_error: 'the answer of your server was not valid HTTP',
    address_refused: 'the name of your server leads to an address that is not public',
    challenge_mismatch: 'the answer of your server did not contain the challenge',
  } as Readonly<Record<string, string>>,
  unknown: 'the attempt failed',
  heldWhile: 'held while the webhook was ',
  heldUntilSent: 'It waits until you send it.',
  times: (count: number) => TIMES[count] ?? `${number(count)} times`,
};

const TIMES = [
  'never',
  'once',
  'twice',
  'three times',
  'four times',
  'five times',
  'six times',
  'seven times',
  'eight times',
  'nine times',
  'ten times',
];

import { duration, number } from './language.ts';

/** Why an attempt failed, as the first half of a sentence about the customer's server, and what to do about it. */
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
  checks: {
    http_status: "Look at your server's own log at this time.",
    timeout: 'Answer first, and do the work afterwards.',
    dns_error: 'Check the DNS records of the name: an IPv4 address is needed.',
    connection_error: 'Check that the server runs, and its port and firewall.',
    tls_error: 'Check the certificate: not expired, with its whole chain, and for this name.',
    protocol_error: 'Check the proxies in front of your server.',
    address_refused: 'Let the DNS records of the name lead to a public address.',
    challenge_mismatch: 'Answer webhook.verification with {"challenge": "…"}, the value that you received.',
  } as Readonly<Record<string, string>>,
  redirectCheck: 'Redirects are not followed. Change the URL of the webhook to the new address.',
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

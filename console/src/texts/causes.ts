import type { components } from '../api/schema.d.ts';
import { duration } from './language.ts';

export type AttemptError = NonNullable<
  NonNullable<components['schemas']['WebhookHealth']['last_failure']>['error']
>;

/** Classes of failed attempts, in the order of charts. */
export const ERROR_CLASSES: Readonly<Record<AttemptError, string>> = {
  http_status: 'Error status',
  timeout: 'Timeout',
  connection_error: 'Connection',
  dns_error: 'DNS',
  tls_error: 'TLS',
  protocol_error: 'Protocol',
  address_refused: 'Address refused',
  challenge_mismatch: 'Challenge',
};

/** The second half of a sentence: "Failing since 14:02: your server answers 500". */
export function whatServerDoes(error: AttemptError | null, status: number | null): string {
  switch (error) {
    case 'http_status':
      return status === null ? 'your server answers with an error' : `your server answers ${status}`;
    case 'timeout':
      return 'your server does not answer within 30 s';
    case 'connection_error':
      return 'your server refuses or closes the connection';
    case 'dns_error':
      return 'the name of your server is not found in DNS';
    case 'tls_error':
      return 'your server has no certificate that is trusted';
    case 'protocol_error':
      return 'your server does not answer in valid HTTP';
    case 'address_refused':
      return 'the name of your server leads to an address that is not public';
    case 'challenge_mismatch':
      return 'your server does not repeat the challenge';
    default:
      return 'its deliveries fail';
  }
}

/** What to look at first. `time`: of the failure. */
export function whatToDo(error: AttemptError | null, status: number | null, time = 'its time'): string {
  switch (error) {
    case 'http_status':
      return whatToDoAbout(status, time);
    case 'timeout':
      return 'Answer first and do the work after it, or look for what is slow.';
    case 'connection_error':
      return 'Check that your server runs and that its firewall lets us in.';
    case 'dns_error':
      return 'Check the name in the URL and its DNS records.';
    case 'tls_error':
      return 'Check that the certificate is valid, complete with its chain, and for this name.';
    case 'protocol_error':
      return 'Check that the URL leads to an HTTPS server and not to another service.';
    case 'address_refused':
      return 'Use a name that leads to a public address.';
    case 'challenge_mismatch':
      return 'Answer with {"challenge": "…"}, the value that you received in data.challenge.';
    default:
      return 'Look at the last failure.';
  }
}

function whatToDoAbout(status: number | null, time: string): string {
  if (status === null || status >= 500) return `Look for ${time} in the log of your server.`;
  if (status === 401 || status === 403) return 'Check the secret that your server verifies signatures with.';
  if (status === 404 || status === 405) return 'Check the path in the URL, and that it accepts POST.';
  if (status === 429) return 'Your server limits our requests: raise its limit for webhooks.';
  if (status >= 300 && status < 400) return 'We follow no redirects: set the URL that it leads to.';
  return 'Check what your server answers: only the status of its success rule counts.';
}

/** "half of the answers take 2.1 s". */
export function howSlow(p50Ms: number | null): string {
  return p50Ms === null
    ? 'your server answers slowly'
    : `half of its answers take ${duration(p50Ms)} or longer`;
}

import { type AttemptError, whatServerDoes, whatToDo } from './causes.ts';

/** The verification of a webhook's URL. */
export const VERIFICATION = {
  title: (name: string) => `Verify ${name}`,
  untitled: 'Verify a webhook',
  intro:
    'We send a challenge to your URL: a signed POST with {"type":"webhook.verification","data":{"challenge":"…"}}. It must answer with status 200 and {"challenge":"…"}, the same text.',
  sent: 'The challenge is on its way',
  sentText: 'Its result is shown here.',
  retrying: (number: number) => `Attempt ${number} did not pass`,
  nextIn: 'Next attempt in',
  nextDue: 'The next attempt is due.',
  failed: 'Your URL is not verified',
  failedText: 'When your server is fixed, send the challenge again.',
  verified: 'Your URL is verified',
  verifiedText: 'It answered the challenge. Events are sent to it from now on.',
  again: 'Send the challenge again',
  show: 'Show the webhook',
  test: 'Send a test event',

  secretOnce: 'Copy the secret now',
  secretText: 'Your endpoint needs it to verify signatures. When you leave or reload this page, it is gone.',
  copySecret: 'Copy the secret',
  secretGone: 'The secret was shown once. If nobody has it, rotate it.',
  secretSettings: 'Open the settings',

  attempts: 'Attempts',
  noAttempts: 'No attempt has a result yet.',
  earlier: 'These are attempts of an earlier challenge.',
  attempt: (number: number) => `Attempt ${number}`,
  passed: 'Passed',
  notPassed: 'Did not pass',
  answered: 'Your server answered',
  expected: 'Expected',
  expectedText: 'status 200 and {"challenge":"…"}, with the text of data.challenge in the request',
  status: (status: number) => `Status ${status}`,
  noAnswer: 'No answer',
  noBody: 'without a body',
  body: (number: number) => `Answer to attempt ${number}`,
  cut: 'The answer was longer. Only its beginning is recorded.',
  location: 'It leads to',
  older: 'Earlier attempts',
  receiver: 'A receiver that passes',
  checker: 'Your server refuses the signature?',
  checkerLink: 'Check it',
};

/** What happened, as a sentence. */
export function whatHappened(error: AttemptError | undefined, status: number | undefined): string {
  if (error === 'challenge_mismatch') return 'Your server answered 200, but not with the challenge.';
  const text = whatServerDoes(error ?? null, status ?? null);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** What to do so that the challenge passes. `time`: of the attempt. */
export function howToPass(error: AttemptError | undefined, status: number | undefined, time: string): string {
  if (error === 'challenge_mismatch') {
    return 'Answer requests of type webhook.verification with JSON that repeats the text: {"challenge":"…"}.';
  }
  if (error !== 'http_status' || status === undefined) return whatToDo(error ?? null, status ?? null, time);
  if (status > 200 && status < 300) return 'Answer the challenge with exactly status 200.';
  if (status === 400 || status === 401 || status === 403 || status === 422) {
    return 'If it verifies signatures, give it the secret of this webhook. If it asks for a login, set a header in the settings of the webhook.';
  }
  return whatToDo(error, status, time);
}

import type { BodyFinding, SecretFinding, TimestampFinding } from '../screens/signature/check-signature.ts';

/** The signature checker. */
export const SIGNATURE = {
  title: 'Signature checker',
  intro:
    'Your endpoint refuses a request, and you do not know why? Paste what it received. The check is made in this browser: nothing is sent.',
  headers: 'Headers',
  headersHint: 'As your server or its log printed them: lines or JSON.',
  body: 'Body',
  bodyHint: 'Exactly the bytes that arrived, before they were parsed.',
  secret: 'Signing secret',
  secretHint: 'The one that your endpoint uses. It is forgotten when you leave.',
  showSecret: 'Show the secret',
  check: 'Check the signature',
  empty: 'No request to check yet. Paste one above, or look at an example.',
  example: 'Fill in an example',
  result: 'Result',
  missing: {
    headers: 'Paste the headers of the request.',
    body: 'Paste the body of the request.',
    secret: 'Enter the signing secret.',
  },
  noCryptoTitle: 'This browser cannot check signatures here',
  noCrypto:
    'Browsers offer cryptography on https and on localhost only. Open the console by its https address.',
  noSignatureTitle: 'These headers have no signature',
  noSignature:
    'Expected is X-Webhook-Signature with X-Webhook-Timestamp, or webhook-signature with webhook-id and webhook-timestamp. If your server did not receive them, a proxy may have removed them, or another sender made the request.',
  maskedTitle: 'These signatures are masked',
  masked:
    'The console and the API show no signatures. Copy the headers from the log of your server, where the request arrived.',
  signatures: 'Signatures in the headers',
  fits: 'fits',
  fitsNot: 'does not fit',
  signed: 'Signed',
};

export const VERDICT = {
  right: 'The signature is right',
  secret: 'The secret is wrong',
  likelySecret: 'The secret is most likely wrong',
  timestamp: 'The timestamp is wrong',
  body: 'The body is not the one that was signed',
  several: (parts: string) => `${parts} are wrong`,
  unknown: 'No signature fits: the secret or the body is wrong',
};

export const PARTS = { secret: 'Secret', timestamp: 'Timestamp', body: 'Body' };
export const STATE_WORDS = { ok: 'Right', warn: 'Look here', bad: 'Wrong', quiet: 'Not known' };

export const SECRET_TEXTS: Readonly<Record<SecretFinding, string>> = {
  right: 'It is the secret of this webhook.',
  previous:
    'It is the secret before a rotation. It still signs, until the grace time ends. Give the new secret to your endpoint before.',
  space: 'There is white space before or after it. Remove it where your endpoint reads the secret.',
  quotes: 'There are quotes around it. They are not part of the secret.',
  prefix: 'The beginning "whsec_" is missing. It is a part of the secret.',
  around: 'There is more than the secret in this text. The secret begins with "whsec_".',
  'likely-other':
    'The body fits the headers, so the secret is most likely that of another webhook, or one that was replaced. If nobody has the right one, rotate the secret.',
  unknown: 'It can be checked when the rest is right.',
};

export const TIMESTAMP_TEXTS: Readonly<Record<TimestampFinding, string>> = {
  right: 'It is recent and was signed.',
  old: 'It was signed, and is older than five minutes now. That is usual for a request from a log. If your endpoint refused it when it arrived, check the clock of your server.',
  future:
    'It was signed, and is more than five minutes in the future. Check the clock of this computer and of your server.',
  milliseconds: 'It is in milliseconds here. The service sends and signs seconds.',
  'other-header': 'The two timestamp headers differ. The signature is made with that of webhook-timestamp.',
  missing: 'X-Webhook-Timestamp is missing. It is a part of what is signed.',
  'not-a-number': 'It is not a number. The service sends seconds since 1970.',
  unknown: 'It is well formed. Whether it was signed can be said when secret and body are right.',
};

export const BODY_TEXTS: Readonly<Record<BodyFinding, string>> = {
  right: 'It is byte for byte what was signed.',
  edge: 'There is white space before or after it that was not sent, often a line break at the end. If your server has it too, verify the bytes as they arrived.',
  'line-breaks': 'Its line breaks were changed. Verify the bytes as they arrived.',
  rewritten:
    'Its JSON was parsed and written again, with other spaces or escapes. Verify the bytes as they arrived, before your framework parses them.',
  quoted: 'It was written as a string of JSON. Verify the text inside of it.',
  base64:
    'It is base64 of what was sent. Decode it first; AWS Lambda does this when isBase64Encoded is true.',
  'not-json':
    'It is not complete JSON, and the service sends nothing else. It may be cut, or of another request.',
  'other-event': 'Its id or type is not that of the headers. Body and headers are of two requests.',
  length: 'It has another length than the header Content-Length says. It was changed or cut.',
  spaced:
    'It has white space around or between its parts, which the service does not send. Verify the bytes as they arrived.',
  consistent: 'It fits the headers as far as can be seen without the right secret.',
  unknown: 'It is complete JSON. Whether it was changed can be said with the right secret.',
};

import type { BodyFinding, SecretFinding, TimestampFinding } from '../screens/signature/check-signature.ts';

/** The signature checker. */
export const SIGNATURE = {
  title: 'Signature checker',
  intro:
    'Your endpoint refuses a request? Paste what it received. The check is made in this browser: nothing is sent.',
  headers: 'Headers',
  headersHint: 'As your server or its log printed them: lines or JSON.',
  body: 'Body',
  bodyHint: 'Exactly the bytes that arrived, before they were parsed.',
  secret: 'Signing secret',
  secretHint: 'The one that your endpoint uses. It is forgotten when you leave.',
  check: 'Check the signature',
  empty: 'Paste a request above, or look at an example.',
  example: 'Fill in an example',
  result: 'Result',
  missing: {
    headers: 'Paste the headers of the request.',
    body: 'Paste the body of the request.',
    secret: 'Enter the signing secret.',
  },
  noCryptoTitle: 'This browser cannot check signatures here',
  noCrypto: 'Browsers offer cryptography on https and localhost only. Open the console by its https address.',
  noSignatureTitle: 'These headers have no signature',
  noSignature:
    'Expected is X-Webhook-Signature, or webhook-signature. A proxy may have removed it, or another sender made the request.',
  maskedTitle: 'These signatures are masked',
  masked: 'The console shows no signatures. Copy the headers from your server, where the request arrived.',
  signed: 'Signed',
};

export const VERDICT = {
  right: 'The signature is right',
  secret: 'The secret is wrong',
  likelySecret: 'The secret is most likely wrong',
  timestamp: 'The timestamp is wrong',
  body: 'The body is not the one that was signed',
  several: (parts: string) => `${parts} are wrong`,
  unknown: 'No signature matches: the secret or the body is wrong',
};

export const PARTS = { secret: 'Secret', timestamp: 'Timestamp', body: 'Body' };
export const STATE_WORDS = { ok: 'Right', warn: 'Look here', bad: 'Wrong', quiet: 'Not known' };

export const SECRET_TEXTS: Readonly<Record<SecretFinding, string>> = {
  right: 'It is the secret of this webhook.',
  previous: 'It is the secret before a rotation, and still signs until the grace time ends. Use the new one.',
  space: 'There is white space before or after it.',
  quotes: 'There are quotes around it, which are not part of it.',
  prefix: 'Its beginning "whsec_" is missing.',
  around: 'There is more than the secret, which begins with "whsec_".',
  'likely-other':
    'The body matches the headers, so it is most likely the secret of another webhook, or one that was replaced. If nobody has the right one, rotate the secret.',
  unknown: 'It can be checked when the rest is right.',
};

export const TIMESTAMP_TEXTS: Readonly<Record<TimestampFinding, string>> = {
  right: 'It is recent and was signed.',
  old: 'It was signed, and is older than five minutes now, which is usual in a log. If your endpoint refused it when it arrived, check the clock of your server.',
  future: 'It was signed, and is more than five minutes in the future. Check your clocks.',
  milliseconds: 'It is in milliseconds here. Seconds were sent and signed.',
  'other-header': 'The two timestamp headers differ. That of webhook-timestamp was signed.',
  missing: 'X-Webhook-Timestamp is missing, which is a part of what is signed.',
  'not-a-number': 'It is not a number of seconds.',
  unknown: 'It can be checked when the rest is right.',
};

export const BODY_TEXTS: Readonly<Record<BodyFinding, string>> = {
  right: 'It is byte for byte what was signed.',
  edge: 'There is white space before or after it that was not sent, often a line break at the end. Verify the bytes as they arrived.',
  'line-breaks': 'Its line breaks were changed. Verify the bytes as they arrived.',
  rewritten:
    'Its JSON was parsed and written again, with other spaces or escapes. Verify the bytes as they arrived, before your framework parses them.',
  quoted: 'It was written as a string of JSON. Verify the text in it.',
  base64: 'It is base64 of what was sent. Decode it first, as with isBase64Encoded of AWS Lambda.',
  'not-json': 'It is not complete JSON: it was cut, or is of another request.',
  'other-event': 'Its id or type is not that of the headers: they are of two requests.',
  length: 'Its length is not that of Content-Length: it was changed or cut.',
  spaced:
    'It has white space around or between its parts, which is not sent. Verify the bytes as they arrived.',
  consistent: 'It matches the headers as far as can be seen without the right secret.',
  unknown: 'It is complete JSON. More can be said with the right secret.',
};

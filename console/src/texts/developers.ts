/** For the customer's developers. */
export const DEVELOPERS = {
  title: 'Developers',
  api: 'API',
  baseUrl: 'Base URL',
  copyBaseUrl: 'Copy the base URL',
  openApi: 'OpenAPI document',
  openApiText: 'Every call, field and error, and each event type with its JSON Schema.',
  openApiLink: 'Open the OpenAPI document',
  key: 'Key',
  keyText:
    'Each request needs an API key of your account, which begins with whk_. Your provider makes it; the console does not show any.',
  try: 'List your webhooks:',
  tryLabel: 'Command that lists your webhooks',
  copyTry: 'Copy the command that lists your webhooks',

  verify: 'Verify signatures',
  verifyText:
    'Anybody can send a request to your URL. The signature shows that it is from this service. These programs check it, answer the challenge of a new webhook, and refuse what is too old.',
  verifyRules: [
    'Verify the bytes as they arrived, before your framework parses them.',
    'Answer 200 at once, and work afterwards. Every other answer makes us try again.',
    'An event can arrive twice: remember its id.',
  ],
  checker: 'A signature does not fit?',
  checkerLink: 'Check it',
  headers: 'Headers of each request',
  header: 'Header',
  meaning: 'Meaning',
  headerTexts: [
    ['X-Webhook-Event', 'the event type'],
    ['X-Webhook-Timestamp', 'when it was signed, in seconds since 1970'],
    ['X-Webhook-Signature', 'sha256= and the HMAC-SHA256 of timestamp, a dot and the body, in hex'],
    ['X-Webhook-Signature-Previous', 'the same with the previous secret, while a rotation lasts'],
    ['X-Webhook-Delivery', 'the id of the delivery, the same in all its attempts'],
    ['X-Webhook-Attempt', 'the number of the attempt, from 1'],
    ['X-Webhook-Test', 'true in a test event, else absent'],
    [
      'webhook-id, webhook-timestamp, webhook-signature',
      'the same by Standard Webhooks, whose libraries verify it with a secret that begins with whsec_',
    ],
  ] as const,

  listen: 'Receive events on your own machine',
  listenText:
    'Without a public URL: this command forwards the events of your account to a program on your machine, signed with a secret that it prints. It needs Node and an API key, and ends with Ctrl-C.',
  listenLabel: 'Command that forwards events',
  copyListen: 'Copy the command that forwards events',
  listenNote: 'It shows each request and its answer, and tries nothing again. Webhooks are not affected.',
};

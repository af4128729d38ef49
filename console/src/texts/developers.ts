/** For the customer's developers. */
export const DEVELOPERS = {
  title: 'Developers',
  api: 'API',
  baseUrl: 'Base URL',
  copyBaseUrl: 'Copy the base URL',
  openApi: 'OpenAPI document',
  openApiText: 'Every call, field, header and error, and each event type with its JSON Schema.',
  openApiLink: 'Open the OpenAPI document',
  key: 'Key',
  keyText: 'Requests need an API key of your account, whk_…, which your provider makes.',
  try: 'List your webhooks',
  copyTry: 'Copy the command that lists your webhooks',

  verify: 'Verify signatures',
  verifyText:
    'Anybody can send a request to your URL: the signature shows that it is from this service. These programs verify it, and answer the challenge of a new webhook.',
  verifyRules: [
    'Verify the bytes as they arrived, before your framework parses them.',
    'Answer 200 at once, and work afterwards. After every other answer we try again.',
    'An event can arrive twice: remember its id.',
    'The headers webhook-id, webhook-timestamp and webhook-signature are those of Standard Webhooks, whose libraries verify them.',
  ],
  checker: 'A signature does not match?',
  checkerLink: 'Check it',

  listen: 'Receive events on your own machine',
  listenText:
    'This command forwards the events of your account to a program on your machine, without a public URL. It prints the secret that signs them, and each answer. Your webhooks are not affected.',
  listenLabel: 'Command that forwards events',
  copyListen: 'Copy the command that forwards events',
};

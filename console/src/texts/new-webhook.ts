/** The form for a new webhook. */
export const NEW_WEBHOOK = {
  title: 'New webhook',
  url: 'URL',
  urlHint: 'Where events are sent: https, a public host name, port 443 or 8443.',
  noUrl: 'Enter the URL of your endpoint.',
  checking: 'Checking…',
  accepted: 'This URL can be used.',
  normalForm: 'It is stored as',
  noEvents: 'Choose at least one.',
  description: 'Description',
  more: 'Headers, success rule, secret',
  headers: 'Headers',
  headersHint: 'Every request to this webhook has them, such as Authorization. Values are never shown again.',
  rule: 'What counts as success',
  ruleHint: 'A challenge always needs status 200.',
  secret: 'Signing secret',
  secretHint:
    'Leave it empty: a new one is made, and shown when the webhook is created. If your endpoint already has one, enter it.',
  create: 'Create webhook',
  creating: 'Creating…',
};

import { count, number } from './language.ts';

/** The form for a new webhook. */
export const NEW_WEBHOOK = {
  title: 'New webhook',
  url: 'URL',
  urlHint: 'Where events are sent: https, a public host name, port 443 or 8443.',
  noUrl: 'Enter the URL of your endpoint.',
  checking: 'Checking…',
  accepted: 'This URL can be used.',
  normalForm: 'It is stored as',
  events: 'Events',
  eventsHint: 'A group such as file.* also includes types that are added later.',
  noEvents: 'Choose at least one.',
  typesOf: (pattern: string) => `Types of ${pattern}`,
  matches: (pattern: string, types: number) =>
    pattern === '*'
      ? `all ${count(types, 'type')}, and later ones`
      : pattern === 'webhook.*'
        ? `${count(types, 'type')} about your own deliveries, not part of *`
        : `${count(types, 'type')}, and later ones`,
  includedIn: (pattern: string) => `included in ${pattern}`,
  chosen: (patterns: readonly string[], types: number) =>
    patterns.length === 0
      ? 'Nothing is chosen.'
      : `${patterns.join(', ')}: ${types === 1 ? '1 type matches' : `${number(types)} types match`} today.`,
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

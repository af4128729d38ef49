import { count } from './language.ts';

/** The catalogue of event types. */
export const EVENT_TYPES = {
  title: 'Event types',
  intro: 'What this service sends. A webhook subscribes to types, or to groups of them.',
  own: 'Types of this service',
  ownEmpty: 'This service has no types of its own yet. Its provider defines them.',
  system: 'About your own deliveries',
  systemIntro: 'A webhook receives these only when it subscribes to them by name or with webhook.*.',
  type: 'Type',
  description: 'Description',
  missingTitle: 'Event type not found',
  missing: (name: string) => `This service has no event type ${name}.`,
  all: 'Show all event types',
  subscribe: 'New webhook for this type',

  test: 'Send a test event',
  testIntro:
    'Your endpoint gets the example below, marked with X-Webhook-Test. It need not subscribe to this type.',
  webhook: 'Webhook',
  send: 'Send a test',
  noWebhooks: 'Only an active webhook can get a test event, and you have none.',
  newWebhook: 'New webhook',
  more: 'Show more webhooks',
  waiting: 'The test event is on its way. Its result is shown here.',
  result: 'Test event',
  showDelivery: 'Show the delivery',

  fields: 'Fields of data',
  noFields: 'The schema describes no fields.',
  field: 'Field',
  valueType: 'Value',
  required: 'required',
  optional: 'optional',
  data: 'Example and schema of data',
  example: 'Example',
  schema: 'JSON Schema',
  copyExample: 'Copy the example',
  copySchema: 'Copy the JSON Schema',
  total: (types: number) => count(types, 'type'),
};

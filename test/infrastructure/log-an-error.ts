import { pathToFileURL } from 'node:url';

/**
 * Run by Node itself, since a test runner changes stacks: loads the bundle of dispatch-event, dispatches an event with
 * a DynamoDB client that fails with a TypeError, and prints the fields of the log line as JSON.
 * Arguments: the file of the bundle, and the message of the error.
 */
const [bundle = '', message = ''] = process.argv.slice(2);

const TIME = '2026-01-15T10:30:00Z';
const NOW = Date.parse(TIME);
const VARIABLES = {
  WEBHOOKS_TABLE: 'webhooks',
  DELIVERIES_TABLE: 'deliveries',
  EVENTS_QUEUE_URL: 'https://sqs/events',
  FIRST_QUEUE_URL: 'https://sqs/first',
  SLOW_QUEUE_URL: 'https://sqs/slow',
  UNDISPATCHED_QUEUE_URL: 'https://sqs/undispatched',
  SYSTEM_EVENT_SOURCE: 'webhook-fanout',
  RECORD_RETENTION_DAYS: '30',
  VALIDATE_EVENTS: 'warn',
  KEEP_LISTS_FROM: '20',
  RETRY_DELAYS_SECONDS: '[1, 5, 30]',
  AWS_REGION: 'us-east-1',
  DEPLOYMENT: 'WebhookFanout/Fanout',
};

Object.assign(process.env, VARIABLES);
const { createDispatchEvent, readSettings } = await import(pathToFileURL(bundle).href);
const dispatchEvent = createDispatchEvent({
  settings: readSettings({
    text: (name: keyof typeof VARIABLES) => VARIABLES[name],
    list: (name: keyof typeof VARIABLES) => JSON.parse(VARIABLES[name]),
  }),
  eventTypes: new Set(['file.uploaded']),
  validators: {},
  dynamodb: {
    send: () => {
      throw new TypeError(message);
    },
  },
  sqs: { send: async () => ({}) },
  kms: { send: async () => ({}) },
  clock: { now: () => NOW, sleep: () => new Promise(() => undefined) },
  counters: { count: () => undefined, measureLatency: () => undefined },
  log: { warn: (_: string, fields: unknown) => process.stdout.write(JSON.stringify(fields)) },
});

const event = {
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  source: 'shop',
  time: TIME,
  'detail-type': 'file.uploaded',
  detail: { account_id: 'acct_1', id: 'evt_1', data: {} },
};
const record = {
  messageId: 'message-1',
  receiptHandle: 'receipt-1',
  body: JSON.stringify(event),
  attributes: { ApproximateReceiveCount: '1' },
};
await dispatchEvent({ Records: [record] }, NOW + 55_000);

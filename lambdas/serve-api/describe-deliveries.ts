import { EXAMPLE_DELIVERY_ID, EXAMPLE_EVENT_ID, EXAMPLE_TIME } from './schemas/examples.ts';

type Json = Readonly<Record<string, unknown>>;

const TIMESTAMP = 1_768_473_000;
const HEX = '5d41402abc4b2a76b9719d911017c592ae2f8d3b0c6e4a1f9e7d6c5b4a392817';

/** Headers of every request, as a receiver reads them. */
const HEADERS: readonly { name: string; description: string; example: unknown; optional?: true }[] = [
  { name: 'X-Webhook-Event', description: 'Its type.', example: 'webhook.exhausted' },
  { name: 'X-Webhook-Timestamp', description: 'When it was signed, in seconds.', example: String(TIMESTAMP) },
  {
    name: 'X-Webhook-Signature',
    description: '`sha256=` and the hex HMAC-SHA256, with the secret as it is, of `<timestamp>.<body>`.',
    example: `sha256=${HEX}`,
  },
  {
    name: 'X-Webhook-Signature-Previous',
    description: 'The same with the secret before a rotation, while both are good.',
    example: `sha256=${HEX}`,
    optional: true,
  },
  {
    name: 'X-Webhook-Delivery',
    description: 'One event on its way to one webhook.',
    example: EXAMPLE_DELIVERY_ID,
  },
  { name: 'X-Webhook-Attempt', description: 'From 1.', example: '1' },
  { name: 'X-Webhook-Test', description: '`true` on test events alone.', example: 'true', optional: true },
  {
    name: 'webhook-id',
    description: 'Id of the event: the same in every attempt, so deduplicate by it.',
    example: EXAMPLE_EVENT_ID,
  },
  { name: 'webhook-timestamp', description: 'As X-Webhook-Timestamp.', example: String(TIMESTAMP) },
  {
    name: 'webhook-signature',
    description:
      'Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of `<id>.<timestamp>.<body>`, one for each secret.',
    example: 'v1,XUFAKrxLKna5cZ2REBfFkq4vjTsMbkofnn1sW0o5KBc=',
  },
];

/** What receivers are sent: the other direction of the API. */
export const DELIVERIES: Json = {
  event: {
    post: describePost({
      summary: 'An event',
      description:
        'Sent to every active webhook that subscribes to its type: at least once, in no order. Status 200 ' +
        'within 30 seconds is success; anything else, redirects included, is tried again. Verify the signature ' +
        'over the bytes of the body as they came.',
      body: 'Event',
      success: 'Received. What the answer holds besides does not matter.',
    }),
  },
  verification: {
    post: describePost({
      summary: 'A challenge',
      description: 'Sent to a new URL, signed and tried again like an event.',
      body: 'Challenge',
      success: 'The URL is verified when the answer repeats the challenge.',
      answer: 'ChallengeAnswer',
    }),
  },
};

const challenge = { type: 'string', examples: ['uXkR3vT9bQ2mW7yZ4nC6pL8sD1fG5hJ0'] };

/** Schemas of what they hold. */
export const DELIVERY_SCHEMAS: Json = {
  Event: object({
    id: { type: 'string', examples: [EXAMPLE_EVENT_ID] },
    type: {
      type: 'string',
      description: 'GET /v1/event-types lists them.',
      examples: ['webhook.exhausted'],
    },
    created: { type: 'string', format: 'date-time', examples: [EXAMPLE_TIME] },
    data: { type: 'object', description: 'By its type: GET /v1/event-types has a JSON Schema for each.' },
  }),
  Challenge: object({ type: { const: 'webhook.verification' }, data: object({ challenge }) }),
  ChallengeAnswer: { ...object({ challenge }), description: 'The text of the request, unchanged.' },
};

function describePost(of: {
  summary: string;
  description: string;
  body: string;
  success: string;
  answer?: string;
}): Json {
  return {
    summary: of.summary,
    description: of.description,
    security: [],
    parameters: HEADERS.map(({ optional, example, ...header }) => ({
      ...header,
      in: 'header',
      required: optional !== true,
      schema: { type: 'string' },
      example,
    })),
    requestBody: { required: true, content: jsonOf(of.body) },
    responses: {
      200: { description: of.success, ...(of.answer === undefined ? {} : { content: jsonOf(of.answer) }) },
      default: { description: 'A failed attempt.' },
    },
  };
}

function object(properties: Json): Json {
  return { type: 'object', properties, required: Object.keys(properties) };
}

function jsonOf(component: string): Json {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${component}` } } };
}

import { EXAMPLE_DELIVERY_ID, EXAMPLE_EVENT_ID, EXAMPLE_TIME } from '../schemas/examples.ts';
import { jsonContent, type OpenApiJson } from './components.ts';

const TIMESTAMP = 1_768_473_000;
const HEX = '5d41402abc4b2a76b9719d911017c592ae2f8d3b0c6e4a1f9e7d6c5b4a392817';

/** Headers of the requests that endpoints receive. */
const HEADERS: readonly { name: string; description: string; example: unknown; optional?: true }[] = [
  { name: 'X-Webhook-Event', description: 'The type of the event.', example: 'webhook.exhausted' },
  {
    name: 'X-Webhook-Timestamp',
    description: 'The time of signing, in seconds since 1970.',
    example: String(TIMESTAMP),
  },
  {
    name: 'X-Webhook-Signature',
    description: '`sha256=` and the hex HMAC-SHA256 of `<timestamp>.<body>`; the key is the whole secret.',
    example: `sha256=${HEX}`,
  },
  {
    name: 'X-Webhook-Signature-Previous',
    description: 'The same with the previous secret. Sent while both secrets are valid after a rotation.',
    example: `sha256=${HEX}`,
    optional: true,
  },
  {
    name: 'X-Webhook-Delivery',
    description: 'Id of the delivery of this event to this webhook.',
    example: EXAMPLE_DELIVERY_ID,
  },
  { name: 'X-Webhook-Attempt', description: 'Number of the attempt, from 1.', example: '1' },
  {
    name: 'X-Webhook-Test',
    description: '`true` on test events; absent on others.',
    example: 'true',
    optional: true,
  },
  {
    name: 'webhook-id',
    description: 'Id of the event, the same in every attempt. Use it to detect duplicates.',
    example: EXAMPLE_EVENT_ID,
  },
  { name: 'webhook-timestamp', description: 'The same as X-Webhook-Timestamp.', example: String(TIMESTAMP) },
  {
    name: 'webhook-signature',
    description:
      'Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of `<id>.<timestamp>.<body>`, one for each secret.',
    example: 'v1,XUFAKrxLKna5cZ2REBfFkq4vjTsMbkofnn1sW0o5KBc=',
  },
];

/** The section `webhooks` of the document: the requests that endpoints receive. */
export const OUTGOING_REQUESTS: OpenApiJson = {
  event: {
    post: describePost({
      summary: 'An event',
      description:
        'Sent to every active webhook that subscribes to its type, at least once and in no particular order. Status 200 ' +
        'within 30 seconds is success. After every other result, redirects included, the event is sent again. A response ' +
        '429 or 503 with the header Retry-After, in seconds or as a date, is followed by the next attempt not before ' +
        'that time, up to a limit that the operator sets (15 minutes by default). The header adds no attempt. A ' +
        'delivery whose webhook no longer subscribes to the type is canceled before its next attempt. Verify the ' +
        'signature over the bytes of the body as received.',
      body: 'Event',
      success: 'Received. The body of the response is ignored.',
    }),
  },
  verification: {
    post: describePost({
      summary: 'A challenge',
      description:
        'Sent to a new URL. It is signed like an event: verify the signature with the secret of the webhook first. ' +
        'An endpoint that does not know the secret yet cannot answer: configure the secret, then call POST ' +
        '/v1/webhooks/{webhook_id}/verify. A challenge without a valid answer is sent again, like an event.',
      body: 'Challenge',
      success: 'The URL is verified when the response contains the same challenge.',
      responseBody: 'ChallengeAnswer',
    }),
  },
};

const challenge = { type: 'string', examples: ['uXkR3vT9bQ2mW7yZ4nC6pL8sD1fG5hJ0'] };

/** Components for the bodies of these requests and of their responses. */
export const OUTGOING_REQUEST_SCHEMAS: OpenApiJson = {
  Event: object({
    id: { type: 'string', examples: [EXAMPLE_EVENT_ID] },
    type: {
      type: 'string',
      description: 'GET /v1/event-types lists them.',
      examples: ['webhook.exhausted'],
    },
    created: { type: 'string', format: 'date-time', examples: [EXAMPLE_TIME] },
    data: {
      type: 'object',
      description: 'Depends on the type: GET /v1/event-types has a JSON Schema for each.',
    },
  }),
  Challenge: object({ type: { const: 'webhook.verification' }, data: object({ challenge }) }),
  ChallengeAnswer: { ...object({ challenge }), description: 'The challenge of the request, unchanged.' },
};

function describePost(of: {
  summary: string;
  description: string;
  body: string;
  success: string;
  responseBody?: string;
}): OpenApiJson {
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
    requestBody: { required: true, content: jsonContent(of.body) },
    responses: {
      200: {
        description: of.success,
        ...(of.responseBody === undefined ? {} : { content: jsonContent(of.responseBody) }),
      },
      default: {
        description: 'A failed attempt.',
        headers: {
          'Retry-After': {
            description: 'With 429 and 503: the next attempt is not made before. Seconds, or an HTTP date.',
            schema: { type: 'string' },
            example: '120',
          },
        },
      },
    },
  };
}

function object(properties: OpenApiJson): OpenApiJson {
  return { type: 'object', properties, required: Object.keys(properties) };
}

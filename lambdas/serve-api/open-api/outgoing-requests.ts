import { type Catalogue, VERIFICATION_TYPE } from '../../shared/domain/catalogue.ts';
import { EXAMPLE_DELIVERY_ID, EXAMPLE_EVENT_ID, EXAMPLE_TIME } from '../schemas/examples.ts';
import { jsonContent, type OpenApiJson, refTo } from './components.ts';

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
    name: 'traceparent',
    description:
      'W3C Trace Context of the event, if the operator sends it and the publisher gave one. Its parent is this attempt.',
    example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
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

/** The section `webhooks` of the document: the requests that endpoints receive, one for each event type. */
export function describeOutgoingRequests(eventTypes: Catalogue): OpenApiJson {
  const events = eventTypes.map(({ name, description }) => [
    name,
    {
      post: describePost({
        type: name,
        description: `${description}\n\n${EVENT_RULES}`,
        body: eventComponent(name),
        success: 'Received. The body of the response is ignored.',
      }),
    },
  ]);
  return { ...Object.fromEntries(events), [VERIFICATION_TYPE]: { post: describePost(VERIFICATION) } };
}

const EVENT_RULES =
  'Sent to every active webhook that subscribes to the type, at least once and in no particular order. Status 200 within ' +
  '30 seconds is success, or any 2xx where `success_status` says so. The request also has the `headers` of the webhook. ' +
  'After every other result, redirects included, the event is sent again, except after 410, which also disables the ' +
  'webhook. A response 429 or 503 with the header Retry-After, in seconds or as a date, is followed by the next attempt ' +
  'not before that time, up to a limit that the operator sets (15 minutes by default); the header adds no attempt. ' +
  'The response header `webhook-delivery: disable` disables the webhook; `webhook-delivery: abort-message` on a ' +
  'failure ends the delivery. A delivery whose webhook no longer subscribes to the type is canceled before its next ' +
  'attempt. Verify the signature over the bytes of the body as received.';

const VERIFICATION: OutgoingPost = {
  type: VERIFICATION_TYPE,
  description:
    'A challenge, sent to a new URL. It is signed like an event: verify the signature with the secret of the webhook ' +
    'first. An endpoint that does not know the secret yet cannot answer: configure the secret, then call POST ' +
    '/v1/webhooks/{webhook_id}/verify. A challenge without a valid answer is sent again, like an event.',
  body: 'Challenge',
  success: 'The URL is verified when the response contains the same challenge.',
  responseBody: 'ChallengeAnswer',
};

const challenge = { type: 'string', examples: ['uXkR3vT9bQ2mW7yZ4nC6pL8sD1fG5hJ0'] };

/** Components for the bodies of these requests and of their responses. */
export function outgoingRequestSchemas(eventTypes: Catalogue): OpenApiJson {
  const events = eventTypes.flatMap(({ name, schema, example }) => [
    [
      eventComponent(name),
      object({
        id: { type: 'string', examples: [EXAMPLE_EVENT_ID] },
        type: { type: 'string', const: name },
        created: { type: 'string', format: 'date-time', examples: [EXAMPLE_TIME] },
        data: refTo(dataComponent(name)),
      }),
    ],
    [dataComponent(name), { ...dataSchema(name, schema), examples: [example] }],
  ]);
  return {
    ...Object.fromEntries(events),
    Challenge: object({ type: { const: VERIFICATION_TYPE }, data: object({ challenge }) }),
    ChallengeAnswer: { ...object({ challenge }), description: 'The challenge of the request, unchanged.' },
  };
}

/** Names of event types contain only characters that the name of a component may have. */
function eventComponent(type: string): string {
  return `Event.${type}`;
}

function dataComponent(type: string): string {
  return `EventData.${type}`;
}

/** A schema of the catalogue. Its references to its own parts become references within the document. */
function dataSchema(type: string, { $schema: _, ...schema }: Readonly<Record<string, unknown>>): OpenApiJson {
  return Object(schema.$id === undefined ? moveReferences(schema, refTo(dataComponent(type)).$ref) : schema);
}

function moveReferences(value: unknown, root: string): unknown {
  if (Array.isArray(value)) return value.map((entry) => moveReferences(entry, root));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => {
    const isOwn = name === '$ref' && typeof inner === 'string' && /^#(\/|$)/.test(inner);
    return [name, isOwn ? root + inner.slice(1) : moveReferences(inner, root)];
  });
  return Object.fromEntries(entries);
}

interface OutgoingPost {
  readonly type: string;
  readonly description: string;
  /** Names of components. */
  readonly body: string;
  readonly success: string;
  readonly responseBody?: string;
}

function describePost(post: OutgoingPost): OpenApiJson {
  return {
    operationId: `receive.${post.type}`,
    tags: ['webhooks'],
    summary: post.type,
    description: post.description,
    security: [],
    parameters: HEADERS.map(({ optional, example, ...header }) => ({
      ...header,
      in: 'header',
      required: optional !== true,
      schema: { type: 'string' },
      example,
    })),
    requestBody: { required: true, content: jsonContent(post.body) },
    responses: {
      200: {
        description: post.success,
        ...(post.responseBody === undefined ? {} : { content: jsonContent(post.responseBody) }),
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

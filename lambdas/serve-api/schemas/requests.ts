import * as z from 'zod';
import { SYSTEM_EVENT_TYPES } from '../../shared/domain/catalogue.ts';
import { MAX_URL_LENGTH } from '../../shared/domain/endpoint-url.ts';
import { prefixOf, whyUnmatchable } from '../../shared/domain/subscription.ts';
import {
  MAX_SECRET_CHARACTERS,
  MIN_SECRET_CHARACTERS,
  whySecretRefused,
} from '../../shared/secrets/secret-format.ts';
import { MAX_LISTENING_WEBHOOKS } from '../limits.ts';
import { EXAMPLE_WEBHOOK_ID } from './examples.ts';

/** They keep a webhook's item far below DynamoDB's 400 KB, and the query of an account small. */
const MAX_PATTERNS = 100;
const MAX_PATTERN_CHARACTERS = 128;
const MAX_DESCRIPTION_CHARACTERS = 256;
const MAX_PAGE_SIZE = 100;
const DEFAULT_PAGE_SIZE = 50;

/** Cursors have about 60, up to 108 with the longest ids. */
const MAX_CURSOR_CHARACTERS = 256;

const CONTROL_CHARACTER = /\p{Cc}/u;

/** `Number` alone would also accept `0x10` and `1e1`. */
const DECIMAL = /^[0-9]{1,9}$/;

/** Resolves a URL to its normal form, or to the reason for refusing it. */
export type CheckUrl = (raw: string) => { ok: true; url: string } | { ok: false; reason: string };

/** The rules that depend on the deployment. */
interface RequestRules {
  readonly checkUrl: CheckUrl;
  /** Names of the catalogue's types. */
  readonly eventTypes: readonly string[];
  /** Names of every type that a test event may have. */
  readonly testableTypes: readonly string[];
}

export type RequestSchemas = ReturnType<typeof createRequestSchemas>;
export type UpdateWebhookInput = z.output<RequestSchemas['updateWebhook']>;

/** The single source for validation, the types and the OpenAPI document. */
export function createRequestSchemas(rules: RequestRules) {
  const [exampleType = SYSTEM_EVENT_TYPES[0]] = rules.eventTypes;
  // `meta` is called before `transform`: after it, the examples would not be in the document.
  const url = z
    .string()
    .meta({
      description:
        'Where events are sent: https, port 443 or 8443, a public host name. It is stored in its normal form.',
      format: 'uri',
      maxLength: MAX_URL_LENGTH,
      examples: ['https://example.com/webhook'],
    })
    .transform((raw, context) => {
      const checked = rules.checkUrl(raw);
      if (checked.ok) return checked.url;
      context.issues.push({ code: 'custom', message: checked.reason, input: raw });
      return z.NEVER;
    });
  const pattern = z
    .string()
    .max(MAX_PATTERN_CHARACTERS)
    .superRefine((text, context) => {
      const reason = whyUnmatchable(text, rules.eventTypes);
      if (reason !== undefined) context.addIssue({ code: 'custom', message: reason });
    });
  const events = z
    .array(pattern)
    .min(1)
    .max(MAX_PATTERNS)
    .meta({
      description:
        `Exact event types, prefixes such as \`${prefixOf(exampleType)}\` (any number of further segments), or ` +
        '`*` for every type of the catalogue. System events are subscribed to by name or with `webhook.*`, ' +
        `not by \`*\`, and by at most ${MAX_LISTENING_WEBHOOKS} webhooks of an account.`,
      examples: [[exampleType], [prefixOf(exampleType), 'webhook.exhausted'], ['*']],
    })
    .transform((patterns) => [...new Set(patterns)]);
  const description = z
    .string()
    .max(MAX_DESCRIPTION_CHARACTERS)
    .refine((text) => text.isWellFormed() && !CONTROL_CHARACTER.test(text), {
      error: 'must be one line of valid Unicode without control characters',
    })
    .meta({ description: 'Your own note, one line.', examples: ['Orders, staging'] });
  const secret = z
    .string()
    .superRefine((text, context) => {
      const reason = whySecretRefused(text);
      if (reason !== undefined) context.addIssue({ code: 'custom', message: reason });
    })
    .meta({
      minLength: MIN_SECRET_CHARACTERS,
      maxLength: MAX_SECRET_CHARACTERS,
      description:
        'Signs every request, the challenge included: your endpoint needs it to verify signatures. Printable ' +
        'ASCII; with the prefix `whsec_` the rest must be base64. Default: generated, and only in the response.',
      examples: ['replace-me-with-a-secret-of-yours'],
    });
  return {
    createWebhook: z.strictObject({
      url,
      events,
      secret: optional(secret),
      description: optional(description),
    }),
    updateWebhook: z.strictObject({
      url: optional(url),
      events: optional(events),
      // The only field that can be removed, so null has a meaning of its own.
      description: description
        .nullable()
        .optional()
        .meta({ description: 'Your own note, one line; null removes it.' }),
      status: optional(
        z.enum(['active', 'disabled']).meta({
          description:
            '`disabled` stops the deliveries of an active webhook, `active` resumes those of a disabled one. The ' +
            'current status is accepted. 409 for a webhook that was never verified.',
        }),
      ),
    }),
    testWebhook: z.strictObject({
      webhook_id: z.string().meta({ description: 'An active webhook.', examples: [EXAMPLE_WEBHOOK_ID] }),
      event_type: z
        .string()
        .refine((name) => rules.testableTypes.includes(name), {
          error: 'is not an event type; GET /v1/event-types lists them',
        })
        .meta({
          description: 'A type of the catalogue or a system event: GET /v1/event-types.',
          examples: [exampleType],
        }),
    }),
    list: z.strictObject({
      limit: z
        .string()
        .regex(DECIMAL, { error: `must be a whole number from 1 to ${MAX_PAGE_SIZE}` })
        .transform(Number)
        .pipe(z.int().min(1).max(MAX_PAGE_SIZE))
        .default(DEFAULT_PAGE_SIZE)
        .meta({ description: 'The largest number of entries in the page.' }),
      cursor: z
        .string()
        .max(MAX_CURSOR_CHARACTERS)
        .optional()
        .meta({ description: '`next_cursor` of the previous page.' }),
    }),
  };
}

/** A field that may be left out. null means the same. */
function optional<Field extends z.ZodType>(field: Field) {
  return field.nullish().transform((value) => value ?? undefined);
}

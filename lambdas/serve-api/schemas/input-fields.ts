import * as z from 'zod/mini';
import { SYSTEM_EVENT_TYPES } from '../../shared/domain/catalogue.ts';
import {
  HEADER_NAME,
  HEADER_VALUE,
  type HeaderEntries,
  MAX_CUSTOM_HEADERS,
  MAX_HEADER_NAME_CHARACTERS,
  MAX_HEADER_VALUE_CHARACTERS,
  MAX_HEADERS_CHARACTERS,
  whyHeadersRefused,
} from '../../shared/domain/custom-headers.ts';
import { MAX_URL_LENGTH } from '../../shared/domain/endpoint-url.ts';
import { isJsonObject } from '../../shared/domain/json-object.ts';
import { matchablePatterns, prefixOf, whyUnmatchable } from '../../shared/domain/subscription.ts';
import { SUCCESS_STATUSES } from '../../shared/domain/webhook.ts';
import {
  MAX_SECRET_CHARACTERS,
  MIN_SECRET_CHARACTERS,
  whySecretRefused,
} from '../../shared/secrets/secret-format.ts';
import { DEFAULT_GRACE_SECONDS, MAX_GRACE_SECONDS, MAX_SYSTEM_EVENT_WEBHOOKS } from '../limits.ts';

/** These limits keep a webhook's item far below DynamoDB's 400 KB, and the query of an account small. */
const MAX_PATTERNS = 100;
const MAX_PATTERN_CHARACTERS = 128;
const MAX_DESCRIPTION_CHARACTERS = 256;

const CONTROL_CHARACTER = /\p{Cc}/u;

/** Resolves a URL to its normal form, or to the reason for refusing it. */
export type CheckUrl = (raw: string) => { ok: true; url: string } | { ok: false; reason: string };

/** The rules that depend on the deployment. */
interface InputRules {
  readonly checkUrl: CheckUrl;
  /** Names of the catalogue's types. */
  readonly eventTypes: readonly string[];
  /**
   * Further types to which webhooks of the account can subscribe, besides the catalogue and system events. Default:
   * none.
   */
  readonly ownEventTypes?: readonly string[];
}

export type InputFields = ReturnType<typeof createInputFields>;

/**
 * The fields of request bodies. Validation, the types and the OpenAPI document are derived from them. A field is made when
 * it is read: a request needs those of its call only.
 */
export function createInputFields(rules: InputRules) {
  const [exampleType = SYSTEM_EVENT_TYPES[0]] = rules.eventTypes;
  return {
    get url() {
      return urlField(rules.checkUrl);
    },
    get events() {
      return eventsField([...rules.eventTypes, ...(rules.ownEventTypes ?? [])], exampleType);
    },
    get description() {
      return z
        .string()
        .check(
          z.maxLength(MAX_DESCRIPTION_CHARACTERS),
          z.refine((text) => text.isWellFormed() && !CONTROL_CHARACTER.test(text), {
            error: 'must be one line of valid Unicode without control characters',
          }),
        )
        .register(z.globalRegistry, {
          description: 'Your own note, one line.',
          examples: ['Orders, staging'],
        });
    },
    get secret() {
      return z
        .string()
        .check(z.superRefine(refuseWhen(whySecretRefused)))
        .register(z.globalRegistry, {
          minLength: MIN_SECRET_CHARACTERS,
          maxLength: MAX_SECRET_CHARACTERS,
          description:
            'Signs every request, the challenge included: your endpoint needs it to verify signatures. Printable ' +
            'ASCII; with the prefix `whsec_` the rest must be base64. Default: a generated secret, which only the ' +
            'response contains.',
          examples: ['replace-me-with-a-secret-of-yours'],
        });
    },
    get graceSeconds() {
      return z
        .int({ error: 'must be a whole number of seconds' })
        .check(z.minimum(0), z.maximum(MAX_GRACE_SECONDS))
        .register(z.globalRegistry, {
          description:
            'For how long the replaced secret still signs, in seconds. Earlier secrets keep their own time. 0: all other ' +
            `secrets stop signing at once. Default: ${DEFAULT_GRACE_SECONDS}.`,
          examples: [DEFAULT_GRACE_SECONDS],
        });
    },
    get headers() {
      return headersField();
    },
    get successStatus() {
      return z.enum(SUCCESS_STATUSES).register(z.globalRegistry, {
        description:
          'Which statuses of a response are success: `200` alone, or `2xx`. Default: the rule of this service, which is ' +
          '`200` unless its operator chose `2xx`. A challenge always needs 200.',
        examples: ['2xx'],
      });
    },
    get eventType() {
      return eventTypeField(rules.eventTypes, []);
    },
    get testEventType() {
      return eventTypeField(rules.eventTypes, [exampleType]);
    },
  };
}

/** A field that may be left out. null means the same. */
export function optional<Field extends z.ZodMiniType>(field: Field) {
  return z.pipe(
    z.nullish(field),
    z.transform((value) => value ?? undefined),
  );
}

function urlField(checkUrl: CheckUrl) {
  // Registered before the transform: after it, the examples would not be in the document.
  const text = z.string().register(z.globalRegistry, {
    description:
      'Where events are sent: https, port 443 or 8443, a public host name. It is stored in its normal form.',
    format: 'uri',
    maxLength: MAX_URL_LENGTH,
    examples: ['https://example.com/webhook'],
  });
  return z.pipe(
    text,
    z.transform((raw, context) => {
      const checked = checkUrl(raw);
      if (checked.ok) return checked.url;
      context.issues.push({ code: 'custom', message: checked.reason, input: raw });
      return z.NEVER;
    }),
  );
}

/** A type of the catalogue or a system event. */
function eventTypeField(eventTypes: readonly string[], examples: readonly string[]) {
  const names = [...eventTypes, ...SYSTEM_EVENT_TYPES];
  return z
    .string()
    .check(
      z.refine((name) => names.includes(name), {
        error: 'is not an event type; GET /v1/event-types lists them',
      }),
    )
    .register(z.globalRegistry, {
      enum: names,
      description: 'A type of the catalogue or a system event: GET /v1/event-types.',
      ...(examples.length === 0 ? {} : { examples }),
    });
}

function eventsField(eventTypes: readonly string[], exampleType: string) {
  const pattern = z
    .string()
    .check(
      z.maxLength(MAX_PATTERN_CHARACTERS),
      z.superRefine(refuseWhen((text) => whyUnmatchable(text, eventTypes))),
    )
    .register(z.globalRegistry, {
      enum: matchablePatterns(eventTypes),
      description:
        'A type, a prefix of types with `.*`, or `*`. The list is complete: every other text matches no type.',
    });
  const patterns = z
    .array(pattern)
    .check(z.minLength(1), z.maxLength(MAX_PATTERNS))
    .register(z.globalRegistry, {
      description:
        `Exact event types, prefixes such as \`${prefixOf(exampleType)}\` (any number of further segments), or ` +
        '`*` for every type of the catalogue. `*` does not include system events: subscribe to them by name or with ' +
        `\`webhook.*\`. At most ${MAX_SYSTEM_EVENT_WEBHOOKS} webhooks of an account may do so.`,
      examples: [[exampleType], [prefixOf(exampleType), 'webhook.exhausted'], ['*']],
    });
  return z.pipe(
    patterns,
    z.transform((given) => [...new Set(given)]),
  );
}

/**
 * The output is the list of names and values. It is not a `z.record`, which drops a header named `__proto__` without an
 * error.
 */
function headersField() {
  const given = z.unknown().register(z.globalRegistry, {
    type: 'object',
    description:
      'Headers of your own that every request to this webhook has, challenges and test events included, such as ' +
      '`Authorization`. Names are case-insensitive. Refused are headers that this service sends itself ' +
      '(`webhook-*`, `X-Webhook-*`, `Content-*`, `User-Agent`, `Accept`, `Host` …), headers of the connection and of ' +
      'proxies, and cookies. Values are stored encrypted, and no response contains one. All names and values ' +
      `together have at most ${MAX_HEADERS_CHARACTERS} characters.`,
    maxProperties: MAX_CUSTOM_HEADERS,
    propertyNames: { pattern: HEADER_NAME.source, maxLength: MAX_HEADER_NAME_CHARACTERS },
    additionalProperties: {
      type: 'string',
      minLength: 1,
      maxLength: MAX_HEADER_VALUE_CHARACTERS,
      pattern: HEADER_VALUE.source,
    },
    examples: [{ Authorization: 'Bearer replace-me' }],
  });
  return z.pipe(
    given,
    z.transform((raw, context): HeaderEntries => {
      const refuse = (message: string, name?: string): void => {
        const path = name === undefined ? [] : [name.slice(0, MAX_HEADER_NAME_CHARACTERS)];
        context.issues.push({ code: 'custom', message, path, input: undefined });
      };
      if (!isJsonObject(raw)) {
        refuse('must be an object of header names and values');
        return z.NEVER;
      }
      const entries = Object.entries(raw).flatMap(([name, value]) => {
        if (typeof value === 'string') return [[name, value] as const];
        refuse('the value must be a string', name);
        return [];
      });
      for (const { name, reason } of whyHeadersRefused(entries)) refuse(reason, name);
      return entries;
    }),
  );
}

/** A check for `superRefine` by a function that returns the reason of a refusal, or undefined. */
function refuseWhen(reasonFor: (text: string) => string | undefined) {
  return (text: string, context: z.core.$RefinementCtx): void => {
    const reason = reasonFor(text);
    if (reason !== undefined) context.addIssue({ code: 'custom', message: reason });
  };
}

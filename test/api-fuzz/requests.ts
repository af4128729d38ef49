import fc from 'fast-check';
import type { OpenApi, Operation } from '../serve-api/support/open-api-contract.ts';
import { bodyOf, corruptedBodies, type FuzzBody, hostileBodies } from './bodies.ts';
import { codings, mediaTypes } from './formats.ts';
import {
  ALLOWED_ORIGIN,
  CURSORS,
  ETAGS,
  EXTRA_HEADERS,
  HOSTILE_IDS,
  IDEMPOTENCY_KEYS,
  IDS,
  LIMITS,
  METHODS,
  OTHER_IDS,
  REFUSED_CREDENTIALS,
} from './hostile-http.ts';
import { type InputSchema, nearlyValidValue, validValue } from './schema-values.ts';

/** A request with placeholders such as `@own:2@` for values that are known only when it is sent. */
export interface FuzzRequest {
  readonly method: string;
  /** Path and query in the request line. */
  readonly target: string;
  readonly authorization: string | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: FuzzBody | undefined;
}

/** Requests for every call of the document: valid, with one error, and random. */
export function fuzzRequests(document: OpenApi): fc.Arbitrary<FuzzRequest> {
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      weight: weightOf(operation),
      arbitrary: requestsOf(document, method.toUpperCase(), path, operation),
    })),
  );
  return fc.oneof(
    ...calls,
    { weight: 2, arbitrary: otherRequests(document) },
    { weight: 1, arbitrary: preflightRequests(document) },
  );
}

/** A call with many parameters must not use up the requests of the others. */
const MAX_COUNTED_PARAMETERS = 3;

/** Calls with more inputs are tried more often. */
function weightOf({ requestBody, parameters = [] }: Operation): number {
  return 1 + 2 * Math.min(parameters.length, MAX_COUNTED_PARAMETERS) + (requestBody === undefined ? 0 : 6);
}

function requestsOf(
  document: OpenApi,
  method: string,
  path: string,
  operation: Operation,
): fc.Arbitrary<FuzzRequest> {
  const ref = Object(operation.requestBody?.content['application/json']?.schema).$ref;
  const name = typeof ref === 'string' ? ref.split('/').at(-1) : undefined;
  const schema = name === undefined ? undefined : withOwnIds({ ...document.components.schemas[name] });
  const withId = (ids: readonly string[]) =>
    fc.oneof(
      ...(path.match(PARAMETERS) ?? ['']).map((parameter) =>
        fc
          .tuple(fc.constantFrom(...ids), idsOf(path))
          .map(([id, valid]) => valid(path.replace(parameter, () => id))),
      ),
    );
  const withOwnIdsIn = (text: fc.Arbitrary<string>) =>
    fc.tuple(text, idsOf(path)).map(([template, valid]) => valid(template));
  const names = (operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name);

  const valid = fc.record({
    method: fc.constant(method),
    target: fc.tuple(withOwnIdsIn(fc.constant(path)), validQuery(names)).map((parts) => parts.join('')),
    authorization: fc.constant('Bearer @key@'),
    headers: callHeaders(operation).map((headers) => [
      ...(schema === undefined ? [] : JSON_HEADERS),
      ...headers,
    ]),
    body: schema === undefined ? fc.constant(undefined) : bodyOf(validValue(schema)),
  });
  const bodies =
    schema === undefined
      ? hostileBodies()
      : fc.oneof(
          { weight: 3, arbitrary: bodyOf(nearlyValidValue(schema)) },
          { weight: 2, arbitrary: corruptedBodies(validValue(schema)) },
          { weight: 1, arbitrary: hostileBodies() },
        );
  const invalidParts: [weight: number, fc.Arbitrary<Partial<FuzzRequest>>][] = [
    [2, fc.record({ target: withId(HOSTILE_IDS) })],
    [
      names.length > 0 ? 4 : 1,
      fc.record({
        target: fc.tuple(withOwnIdsIn(fc.constant(path)), hostileQuery(names)).map((p) => p.join('')),
      }),
    ],
    [1, fc.record({ authorization: fc.constantFrom(...REFUSED_CREDENTIALS) })],
    [1, fc.record({ authorization: fc.constant('Bearer @other-key@') })],
    [1, fc.record({ method: fc.constantFrom(...METHODS) })],
    [schema === undefined ? 1 : 6, fc.record({ headers: hostileHeaders() })],
    [2, fc.record({ target: withOwnIdsIn(encodedPath(path)) })],
    [schema === undefined ? 1 : 10, fc.record({ headers: fc.constant(JSON_HEADERS), body: bodies })],
  ];
  const changes = fc.oneof(...invalidParts.map(([weight, arbitrary]) => ({ weight, arbitrary })));
  return fc.oneof(
    { weight: 1, arbitrary: valid },
    {
      weight: 3,
      arbitrary: fc.tuple(valid, changes).map(([request, change]) => ({ ...request, ...change })),
    },
  );
}

const PARAMETERS = /\{\w+\}/g;

/** Replaces the parameters of a path by ids that the caller has. */
function idsOf(path: string): fc.Arbitrary<(template: string) => string> {
  const webhookIds = path.includes('/deliveries') ? ['@own-logged@'] : IDS;
  return fc
    .constantFrom(...webhookIds)
    .map(
      (webhookId) => (template) =>
        template.replaceAll(PARAMETERS, (parameter) => OTHER_IDS[parameter.slice(1, -1)]?.[0] ?? webhookId),
    );
}

/** Replaces the example ids of the document, which do not exist, by ids of existing webhooks. */
function withOwnIds(schema: InputSchema): InputSchema {
  const { webhook_id: id, ...others } = schema.properties ?? {};
  return id === undefined
    ? schema
    : { ...schema, properties: { ...others, webhook_id: { ...id, examples: IDS } } };
}

/** Some of the request headers that the call evaluates. */
function callHeaders({ parameters = [] }: Operation): fc.Arbitrary<FuzzRequest['headers']> {
  const refs = parameters.map((one) => String(Object(one).$ref).split('/').at(-1));
  const values: Readonly<Record<string, readonly string[]>> = {
    'Idempotency-Key': IDEMPOTENCY_KEYS,
    'If-Match': ETAGS,
    'If-None-Match': ETAGS,
  };
  const headers = refs.flatMap((name) => {
    const known = name === undefined ? undefined : values[name];
    if (name === undefined || known === undefined) return [];
    return [
      fc.option(
        fc.constantFrom(...known).map((value) => [name, value] as const),
        { nil: undefined },
      ),
    ];
  });
  return fc.tuple(...headers).map((pairs) => pairs.filter((pair) => pair !== undefined));
}

const JSON_HEADERS = [['content-type', 'application/json']] as const;

/** What browsers send before a script's request, from allowed and other origins. */
function preflightRequests(document: OpenApi): fc.Arbitrary<FuzzRequest> {
  return fc.record({
    method: fc.constant('OPTIONS'),
    target: fc.constantFrom(...Object.keys(document.paths), '/', '/v1/nothing?x=%zz'),
    authorization: fc.constant(undefined),
    headers: fc
      .tuple(
        fc.constantFrom(ALLOWED_ORIGIN, 'https://evil.example', 'null', `${ALLOWED_ORIGIN}.evil.example`),
        fc.constantFrom('PATCH', 'TRACE', '__proto__', ''),
      )
      .map(([origin, method]) => [
        ['origin', origin] as const,
        ['access-control-request-method', method] as const,
      ]),
    body: fc.constant(undefined),
  });
}

/** Requests for paths that are in the document or not, with any method. */
function otherRequests(document: OpenApi): fc.Arbitrary<FuzzRequest> {
  const known = Object.keys(document.paths);
  const paths = [...known, '/', '/v1', '/v2/webhooks', '//v1//webhooks', '/v1/webhooks/', '/V1/WEBHOOKS'];
  return fc.record({
    method: fc.constantFrom(...METHODS),
    target: fc.oneof(
      fc.tuple(fc.constantFrom(...paths), fc.webSegment()).map(([path, tail]) => path + tail),
      fc.webPath().map((path) => `/${path}`),
      fc.constantFrom(...known).chain(encodedPath),
      fc.constantFrom(
        `/${'a/'.repeat(3_000)}`,
        '/v1/webhooks/../openapi.json',
        '/%2e%2e/%2e%2e/etc/passwd',
        '/v1/webhooks?%zz',
      ),
    ),
    authorization: fc.constantFrom('Bearer @key@', ...REFUSED_CREDENTIALS),
    headers: hostileHeaders(),
    body: fc.option(hostileBodies(), { nil: undefined }),
  });
}

/** A path with some percent-encoded characters, also slashes, but no characters of a parameter. */
function encodedPath(path: string): fc.Arbitrary<string> {
  const parameters = [...path.matchAll(PARAMETERS)];
  const isInParameter = (index: number) =>
    parameters.some((one) => index >= one.index && index < one.index + one[0].length);
  const encode = (character: string) => `%${character.charCodeAt(0).toString(16)}`;
  return fc
    .array(fc.nat({ max: path.length - 1 }), { minLength: 1, maxLength: 4 })
    .map((positions) =>
      [...path]
        .map((one, index) =>
          index > 0 && positions.includes(index) && !isInParameter(index) ? encode(one) : one,
        )
        .join(''),
    );
}

function validQuery(names: readonly string[]): fc.Arbitrary<string> {
  if (names.length === 0) return fc.constant('');
  const common = ['', '?limit=1', '?limit=100'];
  if (names.includes('since')) {
    return fc.constantFrom(
      ...[
        '?status=exhausted',
        '?status=held,delivered&event_type=file.uploaded',
        '?since=2026-01-01T00:00:00Z',
      ],
      ...[...common, '?cursor=@delivery-cursor@', '?cursor=@delivery-cursor@&limit=3'],
    );
  }
  return fc.constantFrom(
    ...[
      '?status=active',
      '?status=disabled&limit=2',
      '?event_type=file.uploaded',
      '?event_type=webhook.retry',
    ],
    ...[...common, '?cursor=@cursor@', '?cursor=@cursor@&limit=3'],
  );
}

function hostileQuery(names: readonly string[]): fc.Arbitrary<string> {
  const name = fc.constantFrom(...names, 'x', '__proto__', 'constructor', 'limit[]', 'limit%00', '');
  const text = fc.oneof(
    fc.constantFrom('', '%00', '%zz'),
    fc.string({ unit: 'binary', maxLength: 20 }).map(escapeText),
  );
  const pair = fc.oneof(
    fc.constantFrom(...LIMITS).map((value) => `limit=${value}`),
    fc.constantFrom(...CURSORS).map((value) => `cursor=${value}`),
    fc.tuple(name, text).map((both) => both.join('=')),
  );
  return fc.array(pair, { minLength: 1, maxLength: 2 }).map((pairs) => `?${pairs.join('&')}`);
}

function hostileHeaders(): fc.Arbitrary<FuzzRequest['headers']> {
  return fc
    .tuple(mediaTypes, codings, fc.subarray([...EXTRA_HEADERS], { maxLength: 3 }))
    .map(([type, coding, extra]) => [
      ...(type === undefined ? [] : [['content-type', type] as const]),
      ...(coding === undefined ? [] : [['content-encoding', coding] as const]),
      ...extra,
    ]);
}

function escapeText(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

import fc from 'fast-check';
import type { OpenApi, Operation } from '../serve-api/contract.ts';
import {
  HOSTILE_TEXTS,
  type InputSchema,
  nearlyValidValue,
  PROTOTYPE_KEYS,
  validValue,
  writeJson,
} from './schema-values.ts';

/** A request with placeholders such as `@own:2@`, for what is known only when it is sent. */
export interface FuzzRequest {
  readonly method: string;
  /** Path and query, as they stand in the request line. */
  readonly target: string;
  readonly authorization: string | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: FuzzBody | undefined;
}

export interface FuzzBody {
  readonly text: string;
  readonly damage: Damage;
  /** Where, from 0 to 1. */
  readonly at: number;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'] as const;

/** `@key@` is the caller's. */
const REFUSED_CREDENTIALS = [
  undefined,
  '',
  'Bearer',
  'Bearer @revoked-key@',
  'Bearer @foreign-key-with-a-change@',
  `Bearer whk_${'a'.repeat(32)}`,
  `Bearer whk_${'a'.repeat(5_000)}`,
  'Bearer @key@ @key@',
  'Bearer @key@,Bearer @key@',
  'Basic @key@',
  '@key@',
  'Bearer __proto__',
  'Bearer \u00ff\u00fe',
] as const;

const IDS = ['@own:0@', '@own:1@', '@own:2@', '@own:3@', '@own:4@', '@own:5@', '@own:6@', '@own:7@'] as const;

const HOSTILE_IDS = [
  '@foreign:0@',
  '@foreign:1@',
  '@gone@',
  'wh_',
  'wh_1',
  `wh_${'a'.repeat(61)}`,
  `wh_${'a'.repeat(5_000)}`,
  'wh_1%23WEBHOOK%23x',
  '%2e%2e%2f%2e%2e%2f@foreign:0@',
  '..%2f@foreign:0@',
  '@own:0@%2fverify',
  '@own:0@%00',
  '@own:0@%0d%0aX-Injected:%20yes',
  '@own:0@;x=y',
  '%E0%A4%A',
  '%zz',
  '%C3%28',
  'RATE%23create',
  'test',
  '{webhook_id}',
  '..',
  '.',
  '',
  ...PROTOTYPE_KEYS,
] as const;

const LIMITS = [
  '0',
  '1',
  '100',
  '101',
  '-1',
  '1.5',
  '1e1',
  '0x10',
  '%205',
  '+5',
  '٣',
  'NaN',
  'Infinity',
  '9007199254740993',
  '1,2',
  '',
] as const;

const CURSORS = [
  '@cursor@',
  '@foreign-cursor@',
  '@forged-cursor@',
  '@own:0@',
  '@foreign:0@',
  'a'.repeat(257),
  '',
] as const;

const DAMAGES = [
  'none',
  'cut',
  'invalid UTF-8',
  'NUL',
  'BOM',
  'UTF-16',
  'garbage after',
  'duplicate field',
  'white space',
  'empty',
] as const;
type Damage = (typeof DAMAGES)[number];

const CONTENT_TYPES = [
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'application/json, text/html',
  `application/json${' '.repeat(5_000)};x`,
  'application/merge-patch+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  'text/plain',
  '',
  undefined,
] as const;

const EXTRA_HEADERS: readonly (readonly [string, string])[] = [
  ['host', '127.0.0.1'],
  ['host', '__proto__'],
  ['content-encoding', 'gzip'],
  ['x-http-method-override', 'DELETE'],
  ['x-forwarded-for', '127.0.0.1'],
  ['x-forwarded-host', 'evil.example'],
  ['cookie', '__proto__=1; a=b'],
  ['accept', 'text/html'],
  ['accept-encoding', 'gzip, br'],
  ['range', 'bytes=0-10'],
  ['if-none-match', '*'],
  ['origin', 'https://evil.example'],
  ['access-control-request-method', 'DELETE'],
  ['__proto__', 'polluted'],
  ['constructor', 'polluted'],
  ['x-amzn-trace-id', 'Root=1-1-1'],
];

/** Requests of every call of the document: valid ones, ones with one thing wrong, and chance. */
export function fuzzRequests(document: OpenApi): fc.Arbitrary<FuzzRequest> {
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      weight: weightOf(operation),
      arbitrary: requestsOf(document, method.toUpperCase(), path, operation),
    })),
  );
  return fc.oneof(...calls, { weight: 2, arbitrary: strayRequests(document) });
}

/** The more a call takes, the more can be wrong with it. */
function weightOf({ requestBody, parameters = [] }: Operation): number {
  return 1 + 2 * parameters.length + (requestBody === undefined ? 0 : 6);
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
    fc.constantFrom(...ids).map((id) => path.replace(/\{\w+\}/, () => id));
  const names = (operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name);

  const good = fc.record({
    method: fc.constant(method),
    target: fc.tuple(withId(IDS), validQuery(names)).map((parts) => parts.join('')),
    authorization: fc.constant('Bearer @key@'),
    headers: fc.constant(schema === undefined ? [] : JSON_HEADERS),
    body: schema === undefined ? fc.constant(undefined) : bodyOf(validValue(schema)),
  });
  const bodies =
    schema === undefined
      ? hostileBodies()
      : fc.oneof(
          { weight: 3, arbitrary: bodyOf(nearlyValidValue(schema)) },
          { weight: 2, arbitrary: damagedBodies(validValue(schema)) },
          { weight: 1, arbitrary: hostileBodies() },
        );
  const spoiled: [weight: number, fc.Arbitrary<Partial<FuzzRequest>>][] = [
    [2, fc.record({ target: withId(HOSTILE_IDS) })],
    [
      names.length > 0 ? 4 : 1,
      fc.record({ target: fc.tuple(withId(IDS), hostileQuery(names)).map((p) => p.join('')) }),
    ],
    [1, fc.record({ authorization: fc.constantFrom(...REFUSED_CREDENTIALS) })],
    [1, fc.record({ authorization: fc.constant('Bearer @other-key@') })],
    [1, fc.record({ method: fc.constantFrom(...METHODS) })],
    [1, fc.record({ headers: hostileHeaders() })],
    [schema === undefined ? 1 : 10, fc.record({ headers: fc.constant(JSON_HEADERS), body: bodies })],
  ];
  const changes = fc.oneof(...spoiled.map(([weight, arbitrary]) => ({ weight, arbitrary })));
  return fc.oneof(
    { weight: 1, arbitrary: good },
    { weight: 3, arbitrary: fc.tuple(good, changes).map(([request, change]) => ({ ...request, ...change })) },
  );
}

/** The document's examples of ids name nothing; these name webhooks that are there. */
function withOwnIds(schema: InputSchema): InputSchema {
  const { webhook_id: id, ...others } = schema.properties ?? {};
  return id === undefined
    ? schema
    : { ...schema, properties: { ...others, webhook_id: { ...id, examples: IDS } } };
}

const JSON_HEADERS = [['content-type', 'application/json']] as const;

function strayRequests(document: OpenApi): fc.Arbitrary<FuzzRequest> {
  const paths = [
    ...Object.keys(document.paths),
    '/',
    '/v1',
    '/v2/webhooks',
    '//v1//webhooks',
    '/v1/webhooks/',
    '/V1/WEBHOOKS',
  ];
  return fc.record({
    method: fc.constantFrom(...METHODS),
    target: fc.oneof(
      fc.tuple(fc.constantFrom(...paths), fc.webSegment()).map(([path, tail]) => path + tail),
      fc.webPath().map((path) => `/${path}`),
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

function validQuery(names: readonly string[]): fc.Arbitrary<string> {
  if (names.length === 0) return fc.constant('');
  return fc.constantFrom('', '?limit=1', '?limit=100', '?cursor=@cursor@', '?cursor=@cursor@&limit=3');
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
    .tuple(fc.constantFrom(...CONTENT_TYPES), fc.subarray([...EXTRA_HEADERS], { maxLength: 3 }))
    .map(([type, extra]) => (type === undefined ? extra : [['content-type', type], ...extra]));
}

function bodyOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<FuzzBody> {
  return value.map((one) => ({ text: writeJson(one), damage: 'none', at: 0 }));
}

/** Evenly spread, unlike `fc.double`. */
const PLACE = fc.integer({ min: 0, max: 1_000 }).map((thousandths) => thousandths / 1_000);

function damagedBodies(value: fc.Arbitrary<unknown>): fc.Arbitrary<FuzzBody> {
  return fc.record({ text: value.map(writeJson), damage: fc.constantFrom(...DAMAGES), at: PLACE });
}

function hostileBodies(): fc.Arbitrary<FuzzBody> {
  return fc.record({
    text: fc.oneof(
      fc.constant('{"url":"https://customer.example/hook","events":["*"]}'),
      fc.constant('{"webhook_id":"@foreign:0@","event_type":"file.uploaded"}'),
      fc.json(),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(...HOSTILE_TEXTS),
      fc
        .constantFrom('@nested-arrays@', '@nested-objects@', '@many-fields@', '@too-long@', '@NaN@')
        .map(writeJson),
    ),
    damage: fc.constantFrom(...DAMAGES),
    at: PLACE,
  });
}

/** The bytes of a body, damaged as it says. */
export function writeBody({ damage, at, ...body }: FuzzBody, resolve: (text: string) => string): Buffer {
  const text = resolve(body.text);
  const bytes = Buffer.from(text);
  const middle = Math.floor(at * bytes.length);
  const insert = (...inserted: number[]) =>
    Buffer.concat([bytes.subarray(0, middle), Buffer.from(inserted), bytes.subarray(middle)]);
  switch (damage) {
    case 'none':
      return bytes;
    case 'cut':
      return bytes.subarray(0, middle);
    case 'invalid UTF-8':
      return insert(0xc3, 0x28);
    case 'NUL':
      return insert(0);
    case 'BOM':
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    case 'UTF-16':
      return Buffer.from(text, 'utf16le');
    case 'garbage after':
      return Buffer.concat([bytes, Buffer.from('}garbage')]);
    case 'duplicate field':
      return Buffer.from(text.replace('{', '{"url":1,"url":{},'));
    case 'white space':
      return Buffer.from(`${' '.repeat(10_000)}${text}\r\n`);
    case 'empty':
      return Buffer.alloc(0);
  }
}

function escapeText(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

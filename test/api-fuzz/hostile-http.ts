import { PROTOTYPE_KEYS } from './schema-values.ts';

export const METHODS = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
] as const;

/** `@key@` is the valid key of the caller. */
export const REFUSED_CREDENTIALS = [
  undefined,
  '',
  'Bearer',
  'Bearer @revoked-key@',
  'Bearer @changed-foreign-key@',
  `Bearer whk_${'a'.repeat(32)}`,
  `Bearer whk_${'a'.repeat(5_000)}`,
  'Bearer @key@ @key@',
  'Bearer @key@,Bearer @key@',
  'Basic @key@',
  '@key@',
  'Bearer __proto__',
  'Bearer \u00ff\u00fe',
] as const;

export const IDS = [
  '@own:0@',
  '@own:1@',
  '@own:2@',
  '@own:3@',
  '@own:4@',
  '@own:5@',
  '@own:6@',
  '@own:7@',
] as const;

/** Values of the parameters that are no ids of webhooks. Every account has one event, with one recorded delivery. */
export const OTHER_IDS: Readonly<Record<string, readonly string[]>> = {
  event_id: ['@own-event@'],
  delivery_id: ['@own-delivery@'],
  listener_id: ['@own-listener@'],
};

export const HOSTILE_IDS = [
  '@foreign-event@',
  '@foreign-delivery@',
  '@foreign-logged@',
  '@foreign-listener@',
  '@foreign:0@',
  '@foreign:1@',
  '@unknown@',
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

export const LIMITS = [
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

export const CURSORS = [
  '@cursor@',
  '@delivery-cursor@',
  '@foreign-delivery-cursor@',
  '@foreign-cursor@',
  '@forged-cursor@',
  '@own:0@',
  '@foreign:0@',
  'a'.repeat(257),
  '',
] as const;

export const CONTENT_TYPES = [
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

/** The only origin that the fuzzed API allows. */
export const ALLOWED_ORIGIN = 'https://console.customer.example';

/** Values of `Idempotency-Key`. Few, so that keys are repeated with the same and with other requests. */
export const IDEMPOTENCY_KEYS = [
  ...['a', 'b', 'c', 'd', '"quoted"', 'k'.repeat(255), '#', '../..', '__proto__', '@own:0@'],
  ...['', 'k'.repeat(256), 'ü', 'a\u0000b', 'tab\t'],
] as const;

/** Values of `If-Match` and `If-None-Match`. */
export const ETAGS = [
  ...['*', '""', '"x"', 'W/"x"', 'x', '"a","b"', ',', '', '"', '* , "x"', `"${'e'.repeat(3_000)}"`],
] as const;

export const EXTRA_HEADERS: readonly (readonly [string, string])[] = [
  ['host', '127.0.0.1'],
  ['host', '__proto__'],
  ['x-http-method-override', 'DELETE'],
  ['x-forwarded-for', '127.0.0.1'],
  ['x-forwarded-host', 'evil.example'],
  ['cookie', '__proto__=1; a=b'],
  ['accept', 'text/html'],
  ['accept-encoding', 'gzip, br'],
  ['range', 'bytes=0-10'],
  ['if-none-match', '*'],
  ['origin', 'https://evil.example'],
  ['origin', 'null'],
  ['origin', ALLOWED_ORIGIN],
  ['access-control-request-method', 'DELETE'],
  ['__proto__', 'polluted'],
  ['constructor', 'polluted'],
  ['x-amzn-trace-id', 'Root=1-1-1'],
];

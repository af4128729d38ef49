import fc from 'fast-check';
import { CONTENT_TYPES } from './hostile-http.ts';

const UTF8_NAMES = ['utf-8', 'UTF-8', 'utf8', '"utf-8"', 'csUTF8', 'us-ascii', 'ASCII', 'ISO646-US'] as const;
const OTHER_CHARSETS = ['latin1', 'utf-16', 'utf-7', '"utf 8"', 'é', 'x'.repeat(3_000)] as const;

const charset = fc
  .tuple(
    fc.constantFrom('charset', 'Charset', 'CHARSET'),
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...UTF8_NAMES) },
      { weight: 1, arbitrary: fc.constantFrom(...OTHER_CHARSETS) },
    ),
  )
  .map((pair) => pair.join('='));
const otherParameter = fc.constantFrom(
  'version=1',
  'profile="https://a.example/"',
  'q=0.5',
  'x',
  'odata=',
  '',
);

/** Content types with arbitrary parameters, most of them JSON. */
export const mediaTypes: fc.Arbitrary<string | undefined> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...CONTENT_TYPES) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'application/json',
          'Application/JSON',
          ' application/json ',
          'text/json',
          'application/x+json',
        ),
        fc.array(fc.oneof(charset, otherParameter), { maxLength: 3 }),
        fc.constantFrom(';', '; '),
      )
      .map(([type, parameters, separator]) => [type, ...parameters].join(separator)),
  },
);

/** Values of `Content-Encoding` with no, one or several codings. */
export const codings: fc.Arbitrary<string | undefined> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom('gzip', 'br', 'identity', 'IDENTITY', 'Deflate', 'zstd', 'x', '', '__proto__'), {
        maxLength: 3,
      })
      .map((names) => names.join(', ')),
  },
);

/** Whether the status of a call that takes JSON contradicts the headers of its request. */
export function formatViolations(headers: readonly (readonly [string, string])[], status: number): string[] {
  const valuesOf = (header: string) => headers.filter(([name]) => name.toLowerCase() === header);
  const types = valuesOf('content-type').map(([, value]) => value);
  const coded = valuesOf('content-encoding')
    .flatMap(([, value]) => value.split(','))
    .filter((name) => !/^\s*(identity)?\s*$/i.test(name));
  const isReadable = types.length === 1 && isJsonInUtf8(types[0] ?? '') && coded.length === 0;
  if (status < 400 && !isReadable) return ['it accepts a body in another format'];
  return status === 415 && isReadable ? ['it refuses a body of JSON in UTF-8'] : [];
}

/** For the types above: their quoted values contain no semicolon. */
function isJsonInUtf8(type: string): boolean {
  const [essence = '', ...parameters] = type.split(';').map((part) => part.trim());
  const value = parameters.map((one) => /^charset=(.+)$/i.exec(one)?.[1]).find((one) => one !== undefined);
  const isUtf8 = value === undefined || (UTF8_NAMES as readonly string[]).includes(value);
  return essence.toLowerCase() === 'application/json' && isUtf8;
}

import fc from 'fast-check';

/** The keywords of JSON Schema that the API's inputs use. */
export interface InputSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly anyOf?: readonly InputSchema[];
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, InputSchema>>;
  readonly required?: readonly string[];
  readonly items?: InputSchema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Placeholders for JSON that is very large or is not a JavaScript value. `writeJson` replaces them. */
const EXPANSIONS: Readonly<Record<string, () => string>> = {
  '@nested-arrays@': () => '['.repeat(10_000) + ']'.repeat(10_000),
  '@nested-objects@': () => `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  '@many-numbers@': () => `[${'1,'.repeat(20_000)}1]`,
  '@many-texts@': () => `[${'"*",'.repeat(10_000)}"*"]`,
  '@many-fields@': () => `{${Array.from({ length: 4_000 }, (_, i) => `"x${i}":1`).join()}}`,
  '@long@': () => `"${'a'.repeat(60_000)}"`,
  '@long-wide@': () => `"${'ü'.repeat(30_000)}"`,
  '@too-long@': () => `"${'a'.repeat(70_000)}"`,
  '@1e400@': () => '1e400',
  '@-0@': () => '-0',
  '@NaN@': () => 'NaN',
  '@undefined@': () => 'undefined',
  '@comment@': () => '/* */null',
};

/** Names of properties that JavaScript objects inherit. */
export const PROTOTYPE_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__defineGetter__',
] as const;

export const HOSTILE_TEXTS = [
  '',
  ' ',
  '\0',
  'a\r\nX-Injected: yes',
  '\ud800',
  'a\udc00b',
  '\u202eevil',
  '\ufeff',
  '🦄'.repeat(40),
  'İıſK',
  '../../etc/passwd',
  '%00',
  "' OR 1=1 --",
  '\u0024{jndi:ldap://127.0.0.1/a}',
  '<script>alert(1)</script>',
  '#',
  'null',
  'NaN',
  '@nested-arrays@',
  '@own:0@',
  '@foreign:0@',
  '@foreign-account@',
  ...PROTOTYPE_KEYS,
] as const;

const HOSTILE_URLS = [
  'https://customer.example:443/hook?q=1#f',
  'https://127.0.0.1/',
  'https://[::ffff:7f00:1]/',
  'https://0x7f.1/',
  'https://user:pass@customer.example/',
  'https://customer.example\\@evil.example/',
  'http://customer.example/',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'https://metadata.google.internal/',
  'https://api.operator.example/v1/webhooks',
  `https://customer.example/${'a'.repeat(2_100)}`,
  'https://\ud800.example/',
  'https://xn--/',
  'https://%00/',
  'https://bücher.example/ü',
  '//customer.example',
  'https://customer\u200b.example/',
  'https://customer.example/\u202e',
  'https://customer;x.example/',
  'https://customer".example/',
  'https://xn--zzzzzz.example/',
  'https://-customer.example/',
  'https://my_service.example/',
] as const;

/** UTF-16 text, also with lone surrogates. */
const ILL_FORMED_TEXT = fc
  .array(fc.constantFrom('\ud83e', '\udd84', '\0', 'a', 'é', '.', '*'), { maxLength: 6 })
  .map((units) => units.join(''));

/** Objects are created for each use, since a defect could change a shared one. */
const HOSTILE: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 2 ** 53, Number.MAX_VALUE, '1', 'true'),
  fc.constantFrom<unknown>(...Object.keys(EXPANSIONS)),
  fc.constantFrom<unknown>(...HOSTILE_TEXTS),
  fc.constantFrom<unknown>(...HOSTILE_URLS),
  fc.string({ unit: 'binary', maxLength: 30 }),
  ILL_FORMED_TEXT,
  fc.constantFrom('[]', '{}', '[[]]', '[null]', '{"length":1}', '{"then":1}').map((text) => JSON.parse(text)),
  fc.constantFrom(...PROTOTYPE_KEYS).map((name) => withField({}, name, { polluted: true })),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Values that a schema allows. */
export function validValue(schema: InputSchema): fc.Arbitrary<unknown> {
  if (schema.examples !== undefined) return fc.constantFrom(...schema.examples);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(validValue));
  const { minLength = 0, minItems = 0, minimum = 0 } = schema;
  switch (schema.type) {
    case 'object':
      return fc.record(mapValues(schema.properties ?? {}, validValue), {
        requiredKeys: [...(schema.required ?? [])],
      });
    case 'array':
      return fc.array(validValue(schema.items ?? {}), { minLength: minItems, maxLength: minItems + 3 });
    case 'string':
      return fc.string({ minLength, maxLength: Math.min(schema.maxLength ?? 40, minLength + 40) });
    case 'integer':
      return fc.integer({ min: minimum, max: schema.maximum ?? 1_000 });
    case 'null':
      return fc.constant(null);
    default:
      return HOSTILE;
  }
}

/** Values that a schema allows except for one part. */
export function nearlyValidValue(schema: InputSchema): fc.Arbitrary<unknown> {
  const invalid = [HOSTILE, ...boundaryValuesOf(schema)];
  if (schema.type === 'string') invalid.push(ILL_FORMED_TEXT);
  if (schema.anyOf !== undefined) invalid.push(...schema.anyOf.map(nearlyValidValue));
  if (schema.type === 'array' && schema.items !== undefined) {
    invalid.push(fc.tuple(validValue(schema.items), nearlyValidValue(schema.items)).map((both) => both));
  }
  if (schema.type !== 'object' || schema.properties === undefined) return fc.oneof(...invalid);
  const valid = validValue(schema).map(Object);
  const names = fc.oneof(
    fc.constantFrom(...PROTOTYPE_KEYS, 'n'.repeat(40_000)),
    ILL_FORMED_TEXT,
    fc.string({ unit: 'binary', maxLength: 80 }),
  );
  const inOneField = Object.entries(schema.properties).map(([name, field]) =>
    fc.tuple(valid, nearlyValidValue(field)).map(([object, value]) => withField(object, name, value)),
  );
  return fc.oneof(
    { weight: 10, arbitrary: fc.oneof(...inOneField) },
    {
      weight: 2,
      arbitrary: fc.tuple(valid, names, HOSTILE).map(([o, name, value]) => withField(o, name, value)),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(valid, fc.constantFrom(...Object.keys(schema.properties)))
        .map(([object, name]) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))),
    },
    { weight: 1, arbitrary: HOSTILE },
  );
}

/** Values at every limit, and directly above and below it. */
function boundaryValuesOf(schema: InputSchema): fc.Arbitrary<unknown>[] {
  const around = (bound: number | undefined): number[] =>
    bound === undefined ? [] : [bound - 1, bound, bound + 1].filter((length) => length >= 0);
  const texts = [...around(schema.minLength), ...around(schema.maxLength)].flatMap((length) => [
    'a'.repeat(length),
    'ü'.repeat(length),
  ]);
  const lists = [...around(schema.minItems), ...around(schema.maxItems)].map((length) =>
    Array.from({ length }, () => '*'),
  );
  const numbers = [...around(schema.minimum), ...around(schema.maximum)];
  return [texts, lists, numbers]
    .filter((values) => values.length > 0)
    .map((values) => fc.constantFrom(...values));
}

/** The JSON text of a value. Its placeholders are replaced. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /"(@[\w-]+@)"(?!:)/g,
    (text, name: string) => EXPANSIONS[name]?.() ?? text,
  );
}

/** A copy of the object with an own field of this name, also for names such as `__proto__`. */
function withField(object: object, name: string, value: unknown): object {
  return Object.fromEntries([...Object.entries(object).filter(([key]) => key !== name), [name, value]]);
}

function mapValues<T, U>(object: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}

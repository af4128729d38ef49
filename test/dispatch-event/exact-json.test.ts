import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainObject, parseExactly } from '../../lambdas/dispatch-event/exact-json.ts';
import { nested } from './builders.ts';

function rewrite(text: string): string {
  const parsed = parseExactly(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return JSON.stringify(parsed.value);
}

/** Numbers in every form that JSON permits. */
const digits = (min: number, max: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((list) => list.join(''));
const number = fc
  .record({
    sign: fc.constantFrom('', '-'),
    whole: fc.oneof(
      fc.constant('0'),
      fc.tuple(fc.integer({ min: 1, max: 9 }), digits(0, 25)).map((p) => p.join('')),
    ),
    fraction: fc.oneof(
      fc.constant(''),
      digits(1, 25).map((text) => `.${text}`),
    ),
    exponent: fc.oneof(
      fc.constant(''),
      fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), digits(1, 3)).map((p) => p.join('')),
    ),
  })
  .map(({ sign, whole, fraction, exponent }) => sign + whole + fraction + exponent);

describe('JSON that is parsed and written again', () => {
  it.each([
    '1e400',
    '-1E-400',
    '12345678901234567890',
    '0.1234567890123456789',
    '1.0',
    '25.50',
    '-0',
    '-0.0',
    '1e5',
    '0.0000001',
    '100000000000000000000000',
    '9007199254740993',
  ])('has the number %s unchanged, at every position', (text) => {
    for (const json of [`{"a":${text}}`, `[${text}]`, `[1,${text}]`, `{"a":{"b":[[${text}]]}}`, text]) {
      if (json !== text) expect(rewrite(json)).toBe(json);
    }
    expect(rewrite(`{"a" : ${text} }`)).toBe(`{"a":${text}}`);
  });

  it('has every number unchanged [API-13]', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 4 }), (numbers) => {
        const json = `{"list":[${numbers.join(',')}],"one":${numbers[0]}}`;

        expect(rewrite(json)).toBe(json);
      }),
      { numRuns: 2_000 },
    );
  });

  it('equals the result of JSON.parse, except for the digits of numbers', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const text = `{"number":1.0,"value":${json}}`;

        expect(JSON.parse(rewrite(text))).toEqual(JSON.parse(text));
        expect(rewrite(`{"value":${json}}`)).toBe(JSON.stringify(JSON.parse(`{"value":${json}}`)));
      }),
    );
  });

  it('keeps the order of its keys, "__proto__" as a key, and the last value of a repeated key', () => {
    expect(rewrite('{"z":1.0,"__proto__":{"x":1e2},"a":0.10,"constructor":1.0}')).toBe(
      '{"z":1.0,"__proto__":{"x":1e2},"a":0.10,"constructor":1.0}',
    );
    expect(rewrite('{"a":1.0,"a":2.0}')).toBe('{"a":2.0}');
    expect(Object.prototype).not.toHaveProperty('x');
  });

  it('is refused when it is not JSON, or has such a number and is nested too deeply', () => {
    expect(parseExactly('{"a":1.0')).toEqual({ ok: false, reason: 'not_json' });
    expect(parseExactly('')).toEqual({ ok: false, reason: 'not_json' });
    expect(parseExactly(`{"a":1.0,"b":${nested(100_000)}}`)).toEqual({ ok: false, reason: 'too_deep' });
    expect(parseExactly(nested(100_000))).toMatchObject({ ok: true });
  });
});

describe('a number that is represented by JSON.rawJSON', () => {
  it('is not a plain object', () => {
    const parsed = parseExactly('{"a":1e400,"b":{}}');
    const value = parsed.ok ? parsed.value : undefined;

    expect(isPlainObject(value)).toBe(true);
    expect(isPlainObject(value) && isPlainObject(value.a)).toBe(false);
    expect(isPlainObject(value) && isPlainObject(value.b)).toBe(true);
  });
});

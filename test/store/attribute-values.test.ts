import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toAttributes } from '../../lambdas/shared/store/attribute-values.ts';

const anyFields = fc.dictionary(
  fc.string(),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'binary' }),
      fc.maxSafeInteger(),
      fc.double({ min: -1e15, max: 1e15, noNaN: true }),
      fc.boolean(),
      fc.constant(undefined),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 }).map((texts) => new Set(texts)),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
    ),
  })).value,
);

it('converts every storable value as the SDK does', () => {
  fc.assert(
    fc.property(anyFields, (fields) => {
      const expected = marshall(fields, { removeUndefinedValues: true });
      // A clone has no class of its own for bytes.
      expect(structuredClone(toAttributes(fields))).toEqual(structuredClone(expected));
    }),
  );
});

it('makes bytes that are base64 in JSON, as DynamoDB expects them', () => {
  const bytes = Buffer.from('é ✓').subarray(1);

  expect(JSON.stringify(toAttributes({ bytes, list: [Uint8Array.of(1)] }))).toBe(
    `{"bytes":{"B":"${bytes.toString('base64')}"},"list":{"L":[{"B":"AQ=="}]}}`,
  );
});

it.each([
  ['NaN', Number.NaN],
  ['an infinite number', Number.POSITIVE_INFINITY],
  ['an integer that is not exact', 2 ** 53],
  ['null', null],
  ['a date', new Date(0)],
  ['a set of numbers', new Set([1])],
  ['an empty set', new Set()],
  ['a function', () => 1],
  ['a bigint', 1n],
])('refuses %s, also within lists and maps', (_, value) => {
  expect(() => toAttributes({ value })).toThrow(TypeError);
  expect(() => toAttributes({ list: [{ value }] })).toThrow(TypeError);
});

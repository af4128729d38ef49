import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDataCheck, type DataValidators } from '../../lambdas/dispatch-event/check-data.ts';
import { createJsonSchema } from '../../lib/shared/json-schema.ts';
import { dataValidators } from '../support/data-validators.ts';

/** Every keyword of these schemas is accepted by the catalogue's check. */
const SCHEMAS = {
  'order.paid': {
    $id: 'https://example.com/schema',
    type: 'object',
    properties: {
      total: { type: 'number', minimum: 0, multipleOf: 0.01 },
      count: { type: 'integer' },
      note: { type: 'string', maxLength: 5, pattern: '^\\p{L}*$' },
      state: { enum: ['open', 'closed'] },
      lines: { type: 'array', items: { $ref: '#/$defs/line' }, uniqueItems: true },
      target: { anyOf: [{ type: 'string' }, { type: 'object', required: ['url'] }] },
    },
    required: ['total'],
    dependentRequired: { note: ['state'] },
    if: { properties: { state: { const: 'closed' } }, required: ['state'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['count'] },
    $defs: { line: { type: 'object', properties: { sku: { type: 'string' } }, required: ['sku'] } },
  },
  // The same $id as another type, an unknown format and an unknown keyword.
  'order.moved': {
    $id: 'https://example.com/schema',
    type: 'object',
    properties: { at: { type: 'string', format: 'warehouse-time', 'x-owner': 'logistics' } },
    additionalProperties: { type: 'integer' },
  },
  'names.odd': {
    type: 'object',
    properties: { constructor: { type: 'string' }, 'a/b~c': { type: 'object', additionalProperties: false } },
    required: ['constructor'],
  },
  'order.slow': { type: 'object', properties: { text: { type: 'string', pattern: '^(a+)+$' } } },
  'order.tree': { type: 'object', properties: { child: { $ref: '#' } } },
};
type Type = keyof typeof SCHEMAS;

/** With this text, the pattern of `order.slow` needs some seconds: much longer than the limit, and it ends. */
const SLOW_TEXT = `${'a'.repeat(28)}!`;

let validators: DataValidators;
beforeAll(async () => {
  validators = await dataValidators(SCHEMAS);
});

const check = (type: Type | 'unknown.type', data: unknown) =>
  createDataCheck(validators)([{ type, data }])[0];

describe('the check of data', () => {
  it.each<[Type | 'unknown.type', unknown]>([
    ['order.paid', { total: 19.99 }],
    ['order.paid', { total: 5, more: true, lines: [{ sku: 'a' }, { sku: 'b' }], target: { url: '' } }],
    ['order.paid', { total: Number.POSITIVE_INFINITY, count: 1 }],
    ['order.moved', { at: 'at no time', extra: 1 }],
    ['names.odd', { constructor: 'a' }],
    ['unknown.type', 'anything'],
  ])('accepts data that satisfies its schema: %s %j', (type, data) => {
    expect(check(type, data)).toBeUndefined();
  });

  it.each<[Type, unknown, string, string]>([
    ['order.paid', {}, '', "must have required property 'total'"],
    ['order.paid', { total: 'secret' }, '/total', 'must be number'],
    ['order.paid', { total: 0.005 }, '/total', 'must be multiple of 0.01'],
    [
      'order.paid',
      { total: 1, note: 'secret', state: 'open' },
      '/note',
      'must NOT have more than 5 characters',
    ],
    ['order.paid', { total: 1, state: 'secret' }, '/state', 'must be equal to one of the allowed values'],
    ['order.paid', { total: 1, lines: [{ sku: 'a' }, { sku: 7 }] }, '/lines/1/sku', 'must be string'],
    ['order.paid', { total: 1, target: 7 }, '/target', 'must match a schema in anyOf'],
    ['order.paid', { total: 1, state: 'closed' }, '', "must have required property 'count'"],
    ['order.paid', { total: 1, note: 'a' }, '', 'must have property state when property note is present'],
    ['order.moved', { 'secret@example.com': 'secret' }, '/*', 'must be integer'],
    ['names.odd', {}, '', "must have required property 'constructor'"],
    [
      'names.odd',
      { constructor: '', 'a/b~c': { secret: 1 } },
      '/a~1b~0c',
      'must NOT have additional properties',
    ],
    ['names.odd', 'secret', '', 'must be object'],
  ])('states path and reason, without values: %s %j', (type, data, path, why) => {
    const problem = check(type, data);

    expect(problem).toEqual({ kind: 'invalid', path, why });
    expect(JSON.stringify(problem)).not.toContain('secret');
  });

  it('agrees with the compiler that the check of the catalogue uses, for any data', () => {
    const { $id: _, ...schema } = SCHEMAS['order.paid'];
    const isValid = createJsonSchema({ allErrors: true }).compile(schema);
    const names = fc.constantFrom('total', 'count', 'note', 'state', 'lines', 'target', 'sku', 'url');
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('open', 'closed', 0.01, [{ sku: '' }]),
    );

    fc.assert(
      fc.property(fc.dictionary(names, values), (data) => {
        expect(check('order.paid', data) === undefined).toBe(isValid(data));
      }),
      { numRuns: 300 },
    );
  });

  it('ends a pattern that needs exponential time, and checks the other events of the batch [API-35]', () => {
    const checkFast = createDataCheck(validators, 200);
    const slow = { type: 'order.slow', data: { text: SLOW_TEXT } };

    const problems = checkFast([
      { type: 'order.slow', data: { text: 'aaa' } },
      slow,
      { type: 'order.slow', data: { text: 'bbb' } },
      slow,
      { type: 'order.paid', data: { total: 1 } },
    ]);

    const tooSlow = { kind: 'unchecked', path: '', why: expect.stringContaining('the check took more than') };
    expect(problems).toEqual([
      undefined,
      tooSlow,
      { kind: 'invalid', path: '/text', why: 'must match pattern "^(a+)+$"' },
      tooSlow,
      undefined,
    ]);
  });

  it('continues after data that is nested too deeply for a recursive schema', () => {
    let deep: unknown = {};
    for (let level = 0; level < 50_000; level++) deep = { child: deep };

    const problems = createDataCheck(validators)([
      { type: 'order.tree', data: deep },
      { type: 'order.tree', data: { child: 7 } },
    ]);

    expect(problems).toEqual([
      { kind: 'unchecked', path: '', why: 'the check failed: RangeError', stack: expect.any(Array) },
      { kind: 'invalid', path: '/child', why: 'must be object' },
    ]);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fieldsOf } from '../../console/src/screens/event-types/schema-fields.ts';

const types: { schema: Record<string, unknown>; example: object }[] = JSON.parse(
  readFileSync('event-types.json', 'utf8'),
);

describe('the fields of a JSON Schema', () => {
  it('are those of the example of each type of the catalogue', () => {
    for (const { schema, example } of types) {
      const names = fieldsOf(schema).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(Object.keys(example)));
    }
  });

  it('have type, rules and description, and parts of objects and lists below them', () => {
    const schema = {
      required: ['owner', 'files'],
      properties: {
        owner: { type: 'object', required: ['id'], properties: { id: { type: 'string', pattern: '^u_' } } },
        files: {
          type: 'array',
          items: { type: 'object', properties: { size: { type: 'integer', minimum: 0 } } },
        },
        tags: { type: 'array', items: { type: 'string' }, description: 'Words.' },
        state: { enum: ['on', null] },
        note: { type: ['string', 'null'] },
        any: true,
      },
    };
    const optional = { isRequired: false, description: '', rules: [] };

    expect(fieldsOf(schema)).toEqual([
      { ...optional, name: 'owner', type: 'object', isRequired: true },
      { ...optional, name: 'owner.id', type: 'string', isRequired: true, rules: ['pattern ^u_'] },
      { ...optional, name: 'files', type: 'array of object', isRequired: true },
      { ...optional, name: 'files[].size', type: 'integer', rules: ['minimum 0'] },
      { ...optional, name: 'tags', type: 'array of string', description: 'Words.' },
      { ...optional, name: 'state', type: '', rules: ['on | null'] },
      { ...optional, name: 'note', type: 'string or null' },
      { ...optional, name: 'any', type: '' },
    ]);
  });

  it('end at a depth of four, so that a schema cannot make the page endless', () => {
    const nested: Record<string, unknown> = { type: 'object', properties: {} };
    nested.properties = { a: nested };

    expect(fieldsOf(nested).map(({ name }) => name)).toEqual(['a', 'a.a', 'a.a.a', 'a.a.a.a']);
  });
});

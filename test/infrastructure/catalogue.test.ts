import { writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../../lib/shared/catalogue.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { synthesize } from './synthesize.ts';

const directory = temporaryDirectory();

function fileOf(text: string): string {
  const file = join(directory, 'event-types.json');
  writeFileSync(file, text);
  return file;
}

function eventType(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'order.shipped',
    description: 'An order left the warehouse.',
    schema: { type: 'object', properties: { order_id: { type: 'string' } }, required: ['order_id'] },
    example: { order_id: 'ord_1' },
    ...changes,
  };
}

const read = (...entries: unknown[]) => readCatalogue(fileOf(JSON.stringify(entries)));

describe('the event catalogue', () => {
  it('of this project has the thirteen event types of the API contract', () => {
    const { eventTypes, path } = readCatalogue('event-types.json');

    expect(isAbsolute(path)).toBe(true);
    expect(eventTypes.map(({ name }) => name)).toEqual([
      'ppt.generation.started',
      'ppt.generation.completed',
      'ppt.generation.failed',
      'ppt.generation.cancelled',
      'ppt.edit.started',
      'ppt.edit.completed',
      'ppt.edit.failed',
      'file.uploaded',
      'file.processed',
      'file.deleted',
      'user.registered',
      'user.subscribed',
      'user.unsubscribed',
    ]);
    expect(eventTypes[1]?.example).toEqual({
      ppt_id: 'ppt_123456',
      user_id: 'user_789',
      title: 'AI Development Trends',
      pages: 8,
      download_url: 'https://api.ihateppt.com/v1/ppt/ppt_123456/download',
      generation_time: 25.5,
      cost: 30,
    });
  });

  it("accepts an operator's event types with additional annotations", () => {
    const { eventTypes } = read(
      eventType(),
      eventType({
        name: 'order.returned',
        schema: {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          type: 'object',
          properties: { order_id: { type: 'string', format: 'order-id', 'x-owner': 'warehouse' } },
        },
      }),
    );

    expect(eventTypes.map(({ name }) => name)).toEqual(['order.shipped', 'order.returned']);
  });

  it('accepts a recursive schema, and schemas with the same $id', () => {
    const schema = { $id: 'https://example.com/order', type: 'object' };
    const recursive = { type: 'object', properties: { parent: { $ref: '#' } } };
    const names = ['order.paid', 'order.moved'].map((name) => eventType({ name, schema }));

    const { eventTypes } = read(...names, eventType({ schema: recursive }));

    expect(eventTypes).toHaveLength(3);
  });

  it.each([
    { name: 'an empty list', entries: [], message: 'it is empty; list at least one event type' },
    {
      name: 'a type that is listed twice',
      entries: [eventType(), eventType()],
      message: '"order.shipped" is listed more than once: keep one of them',
    },
    {
      name: 'a name of one segment',
      entries: [eventType({ name: 'shipped' })],
      message: 'entry 1 ("shipped"): name is "shipped"; expected: at least two segments',
    },
    {
      name: 'a name in capitals',
      entries: [eventType({ name: 'Order.Shipped' })],
      message: 'name is "Order.Shipped"; expected: at least two segments of a-z',
    },
    {
      name: 'a name that is reserved for system events',
      entries: [eventType({ name: 'webhook.created' })],
      message: 'name begins with "webhook.", which is reserved for system events',
    },
    { name: 'no name', entries: [eventType({ name: undefined })], message: 'entry 1: name is missing' },
    { name: 'no description', entries: [eventType({ description: ' ' })], message: 'description is missing' },
    {
      name: 'a schema that is not valid',
      entries: [eventType({ schema: { type: 'objekt' } })],
      message:
        'schema is not a valid JSON Schema (2020-12): schema/type must be equal to one of the allowed values',
    },
    {
      name: 'a schema of another draft',
      entries: [eventType({ schema: { $schema: 'http://json-schema.org/draft-04/schema#' } })],
      message: 'schema is not a valid JSON Schema (2020-12)',
    },
    {
      name: 'a schema with a reference that does not exist',
      entries: [eventType({ schema: { $ref: '#/$defs/missing' } })],
      message: "schema is not a valid JSON Schema (2020-12): can't resolve reference #/$defs/missing",
    },
    {
      name: 'an example that does not satisfy its schema',
      entries: [eventType({ example: { order_id: 1 } })],
      message: 'example does not satisfy its schema: example/order_id must be string',
    },
    {
      name: 'an example without what its schema requires',
      entries: [eventType({ example: {} })],
      message: "example does not satisfy its schema: example must have required property 'order_id'",
    },
    {
      name: 'a schema with an extension of the compiler that changes what a validator returns',
      entries: [eventType({ schema: { $async: true } })],
      message: 'schema has "$async", which is no keyword of JSON Schema: remove it',
    },
    {
      name: 'an example that is not an object',
      entries: [eventType({ example: ['ord_1'] })],
      message: 'example is an array; expected: an object',
    },
    {
      name: 'an example too large to be sent',
      entries: [eventType({ example: { order_id: 'x'.repeat(262_144) } })],
      message: 'at most 261120 can be sent: shorten it',
    },
    {
      name: 'an unknown field',
      entries: [eventType({ sample: {} })],
      message:
        'has the unknown field "sample"; allowed are name, description, schema, example: remove or rename it',
    },
    {
      name: 'an entry that is not an object',
      entries: ['order.shipped'],
      message: 'entry 1: is a string; expected:',
    },
  ])('refuses $name [FAULT-33]', ({ entries, message }) => {
    expect(() => read(...entries)).toThrow(message);
  });

  it('reports all problems of a file at once', () => {
    const reading = () => read(eventType({ name: 'shipped', description: '' }), eventType({ example: {} }));

    expect(reading).toThrow(/cannot be used:\n- entry 1 .*\n- entry 1 .*\n- entry 2 .*/);
  });

  it('refuses a file that is missing, is not JSON, or is not a list', () => {
    expect(() => readCatalogue(join(directory, 'none.json'))).toThrow(
      /none\.json cannot be read \(ENOENT\)\. Set eventCatalogue/,
    );
    expect(() => readCatalogue(directory)).toThrow(/cannot be read \(EISDIR\)\. Set eventCatalogue/);
    expect(() => readCatalogue(fileOf('[{]'))).toThrow(/cannot be used: it is not JSON: .*position 2/);
    expect(() => readCatalogue(fileOf('{"types":[]}'))).toThrow(/contains an object; expected: an array/);
  });

  it('refuses an object with the same key twice', () => {
    const text = JSON.stringify([eventType()]).replace('{', '{"name":"order.paid",');

    expect(() => readCatalogue(fileOf(text))).toThrow('cannot be used: it has the key "name" twice');
  });

  it('refuses an example and a schema that are nested too deeply, and names the field', () => {
    const depth = 100_000;
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const withDeep = (field: string) =>
      JSON.stringify([eventType({ [field]: { x: 'DEEP' } })]).replace('"DEEP"', deep);

    expect(() => readCatalogue(fileOf(withDeep('example')))).toThrow('example is nested too deeply');
    expect(() => readCatalogue(fileOf(withDeep('schema')))).toThrow('schema is nested too deeply');
  });

  it('refuses more types than one response of the API can contain', () => {
    const large = { text: 'x'.repeat(250_000) };
    const entries = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        eventType({ name: `order.type${index}`, schema: {}, example: large }),
      );

    expect(read(...entries(23)).eventTypes).toHaveLength(23);
    expect(() => read(...entries(25))).toThrow(
      /bytes as a response of the API; at most 6029312 can be returned/,
    );
  });

  it('is checked at synth [FAULT-33]', () => {
    const eventCatalogue = fileOf('[]');

    expect(() => synthesize({ eventCatalogue })).toThrow('it is empty');
  });
});

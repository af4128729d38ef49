import db from 'dynalite/db/index.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryItems, type ItemDb } from '../../local/dynamodb/memory-items.ts';

/** Few keys, some of which are the beginning of others, so that ranges meet, end at and cross existing keys. */
const key = fc.constantFrom('a/', 'a/01/', 'a/02/', 'a/02/~', 'a/1/', 'b/', 'b/00/', 'c/~');
const item = fc.record({ n: fc.nat(9) });

const range = fc
  .record({
    from: fc.option(fc.record({ key, included: fc.boolean() }), { nil: undefined }),
    to: fc.option(fc.record({ key, included: fc.boolean() }), { nil: undefined }),
    reverse: fc.boolean(),
    limit: fc.constantFrom(-1, 1, 2, 100),
  })
  .map(({ from, to, ...rest }) => ({
    ...(from && { [from.included ? 'gte' : 'gt']: from.key }),
    ...(to && { [to.included ? 'lte' : 'lt']: to.key }),
    ...rest,
  }));

const operation = fc.oneof(
  fc.record({ do: fc.constant('put' as const), key, item }),
  fc.record({ do: fc.constant('delete' as const), key }),
  fc.record({ do: fc.constant('import' as const), items: fc.array(fc.record({ key, item })) }),
  fc.record({ do: fc.constant('get' as const), key }),
  fc.record({ do: fc.constant('range' as const), range }),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

function perform(items: ItemDb, one: Operation): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const end = (error: Error | null, value?: unknown): void => (error ? reject(error) : resolve(value));
    switch (one.do) {
      case 'put':
        return items.put(one.key, one.item, end);
      case 'delete':
        return items.del(one.key, end);
      case 'import':
        return items.batch(
          one.items.map((each) => ({ type: 'put' as const, key: each.key, value: each.item })),
          end,
        );
      case 'get':
        return items.get(one.key, end);
      case 'range': {
        const values: unknown[] = [];
        const stream = items.createValueStream(one.range);
        stream.on('data', (value: unknown) => values.push(value));
        stream.on('end', () => resolve(values));
      }
    }
  });
}

describe('the items of a table', () => {
  it('are those that the LevelDB of dynalite returns, in the same order, after the same operations', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 30 }), async (operations) => {
        const level = db.create({}).getItemDb('Webhooks');
        const memory = createMemoryItems();
        for (const one of operations) expect(await perform(memory, one)).toEqual(await perform(level, one));
      }),
      { numRuns: 60 },
    );
  });

  it('are copied when they are written and when they are read', async () => {
    const items = createMemoryItems();
    const written = { list: [1] };
    await perform(items, { do: 'put', key: 'a/', item: written as never });
    written.list.push(2);
    const read = (await perform(items, { do: 'get', key: 'a/' })) as typeof written;
    read.list.push(3);

    expect(await perform(items, { do: 'get', key: 'a/' })).toEqual({ list: [1] });
  });

  it('are not sent any more when the reader has enough', async () => {
    const items = createMemoryItems();
    for (const one of ['a/', 'b/'] as const) await perform(items, { do: 'put', key: one, item: { n: 1 } });
    const values: unknown[] = [];
    const stream = items.createValueStream({});
    stream.on('data', (value: unknown) => {
      values.push(value);
      stream.destroy();
    });

    // After the stream's own turn of the event loop.
    await perform(items, { do: 'get', key: 'a/' });

    expect(values).toHaveLength(1);
  });
});

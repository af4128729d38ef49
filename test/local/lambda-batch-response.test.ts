import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failedMessages } from '../../local/lambda/batch-response.ts';

const IDS = ['a', 'b', 'c'];

describe('the result of a batch', () => {
  it.each([
    ['nothing', 'null'],
    ['an empty object', '{}'],
    ['no failures', '{"batchItemFailures":[]}'],
    ['null for failures', '{"batchItemFailures":null}'],
    ['an empty text', '""'],
  ])('of %s is a success', (_what, payload) => {
    expect([...failedMessages(payload, IDS)]).toEqual([]);
  });

  it.each([
    ['no JSON', 'oops'],
    ['a list', '[]'],
    ['failures that are no list', '{"batchItemFailures":"a"}'],
    ['an empty id', '{"batchItemFailures":[{"itemIdentifier":""}]}'],
    ['a null id', '{"batchItemFailures":[{"itemIdentifier":null}]}'],
    ['another field name', '{"batchItemFailures":[{"id":"a"}]}'],
    [
      'an id that is not in the batch',
      '{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"z"}]}',
    ],
  ])('of %s fails the whole batch', (_what, payload) => {
    expect([...failedMessages(payload, IDS)]).toEqual(IDS);
  });

  it('fails exactly the messages that it contains', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid()), fc.func(fc.boolean()), (ids, isFailed) => {
        const failed = ids.filter((id) => isFailed(id));
        const answer = { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };

        expect([...failedMessages(JSON.stringify(answer), ids)]).toEqual(failed);
      }),
    );
  });
});

import type { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  entryBytes,
  MAX_BATCH_BYTES,
  packBatches,
  type Sqs,
  sendAll,
} from '../../lambdas/shared/runtime/queues.ts';
import { messageBytes } from '../../local/sqs/message.ts';
import { createTestTimer } from '../support/test-timer.ts';

describe('batches of queue messages', () => {
  it('contain every entry once and in order, with at most 10 entries and 1 MiB of UTF-8 each [API-12]', () => {
    const small = fc.integer({ min: 1, max: 400 });
    const size = fc.oneof(small, fc.integer({ min: 100_000, max: 800_000 }));
    const many = { maxLength: 60, size: 'max' } as const;

    fc.assert(
      fc.property(fc.oneof(fc.array(size, many), fc.array(small, many)), (sizes) => {
        const entries = sizes.map((bytes) => ({ body: 'x'.repeat(bytes) }));

        const batches = packBatches(entries, [...entries.keys()]);

        expect(batches.flat()).toEqual([...entries.keys()]);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(10);
          const total = batch.reduce((sum, index) => sum + (sizes[index] ?? 0), 0);
          expect(total).toBeLessThanOrEqual(MAX_BATCH_BYTES);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('are limited by bytes of UTF-8, not by characters [API-12]', () => {
    const entries = Array.from({ length: 2 }, () => ({ body: 'é'.repeat(300_000) }));

    expect(packBatches(entries, [0, 1])).toEqual([[0], [1]]);
  });
});

describe('message attributes', () => {
  const attributes = { reason: 'é'.repeat(100), event_id: 'evt_1' };

  it('are part of the size of an entry, as SQS counts it', () => {
    const engineSize = messageBytes({
      body: 'body',
      attributes: {
        reason: { dataType: 'String', stringValue: attributes.reason },
        event_id: { dataType: 'String', stringValue: 'evt_1' },
      },
    });

    expect(entryBytes({ body: 'body', attributes })).toBe(engineSize);
    expect(
      packBatches([{ body: 'x'.repeat(MAX_BATCH_BYTES - 100) }, { body: '', attributes }], [0, 1]),
    ).toEqual([[0], [1]]);
  });

  it('are sent with characters that SQS accepts, at most ten of them', async () => {
    const sent: unknown[] = [];
    const sqs: Sqs = {
      send: async (command: { input: { Entries?: { Id: string }[] } }) => {
        sent.push(...(command.input.Entries ?? []));
        return { Successful: command.input.Entries };
      },
    } as unknown as Sqs;
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`n${n}`, 'x']));

    await sendAll(sqs, createTestTimer(), 'queue', [
      { body: 'a', attributes: { bad: 'a\u0000b\ud800\uffff\u{1f389}', empty: '' } },
      { body: 'b', attributes: many },
      { body: 'c' },
    ]);

    expect(sent).toEqual([
      {
        Id: '0',
        MessageBody: 'a',
        MessageAttributes: { bad: { DataType: 'String', StringValue: 'a\ufffdb\ufffd\ufffd\u{1f389}' } },
      },
      { Id: '1', MessageBody: 'b', MessageAttributes: expect.any(Object) },
      { Id: '2', MessageBody: 'c' },
    ]);
    expect(Object.keys(Object(sent[1]).MessageAttributes)).toHaveLength(10);
  });
});

describe('a failed entry', () => {
  it('is sent again after 50, 200 and 500 ms, without the entries that SQS accepted', async () => {
    const timer = createTestTimer();
    const calls: (string | undefined)[][] = [];
    const sqs = {
      send: async ({ input: { Entries = [] } }: SendMessageBatchCommand) => {
        calls.push(Entries.map(({ MessageBody }) => MessageBody));
        const accepted = Entries.filter(({ MessageBody }) => MessageBody !== 'refused');
        const refused = Entries.filter(({ MessageBody }) => MessageBody === 'refused');
        return {
          Successful: accepted.map(({ Id }) => ({ Id })),
          Failed: refused.map(({ Id }) => ({ Id, Code: 'InternalError', Message: 'try again' })),
        };
      },
    } as unknown as Sqs;

    const sent = await sendAll(sqs, timer, 'queue', [{ body: 'accepted' }, { body: 'refused' }]);

    expect(sent).toEqual([{ ok: true }, { ok: false, reason: 'InternalError: try again' }]);
    expect(calls).toEqual([['accepted', 'refused'], ['refused'], ['refused'], ['refused']]);
    expect(timer.waits).toEqual([50, 200, 500]);
  });
});

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { asciiJson } from '../../lambdas/shared/domain/ascii-json.ts';
import { MAX_MESSAGE_BYTES } from '../../local/sqs/limits.ts';
import { createInProcessStack, type InProcessStack } from '../support/in-process-stack.ts';
import { BUS_ID, busEvent, busEventWithData, down, nested } from './builders.ts';

let world: InProcessStack | undefined;

async function newWorld(): Promise<InProcessStack> {
  world = await createInProcessStack();
  return world;
}

afterEach(async () => {
  await world?.close();
});

describe('an event that can never be dispatched', () => {
  it.each([
    ['an unknown type', busEvent({ 'detail-type': 'file.renamed' }), 'not in the catalogue'],
    ['a reserved type', busEvent({ 'detail-type': 'webhook.retry' }), 'reserved'],
    ['no account', busEvent({}, { account_id: undefined }), 'account_id'],
    ['an impossible account', busEvent({}, { account_id: 'a b' }), 'account_id'],
    ['an impossible id', busEvent({}, { id: 'evt 1' }), 'Detail.id'],
    [
      'a time without a zone',
      busEvent({}, { created: '2026-01-15T10:30:00' }),
      'Detail.created is "2026-01-15T10:30:00"; it must be a date and time of RFC 3339',
    ],
    [
      'a day that no calendar has',
      busEvent({}, { created: '2026-02-30T10:30:00Z' }),
      'Detail.created is "2026-02-30',
    ],
    ['a time that is a number', busEvent({}, { created: 1e9 }), 'Detail.created is not text'],
    ['data that is text', busEvent({}, { data: 'text' }), 'Detail.data'],
    ['data that is a number of many digits', busEventWithData('1e400'), 'Detail.data must be a JSON object'],
    ['no data', busEvent({}, { data: null }), 'Detail.data'],
    ['no detail', busEvent({ detail: null }), 'Detail must be'],
    ['no time', busEvent({ time: 'yesterday' }), 'its time is "yesterday"'],
    ['one byte too many', busEvent({}, { data: { text: 'x'.repeat(262_144) } }), 'at most 262144'],
    ['data nested 10,000 deep', busEventWithData(`{"deep":${nested(10_000)}}`), 'nested too deeply'],
    [
      'an unknown type, nested 10,000 deep',
      busEventWithData(`{"deep":${nested(10_000)}}`).replace('file.uploaded', 'file.renamed'),
      'not in the catalogue',
    ],
    [
      'too many bytes in half as many characters',
      busEvent({}, { data: { text: 'é'.repeat(131_072) } }),
      'at most 262144',
    ],
    ['no shape at all', '"hello"', 'not an EventBridge event'],
    ['no JSON', '{', 'not JSON'],
  ])(
    'with %s is set aside at once, whole and unchanged, with the reason [API-11, API-14, FAULT-16]',
    async (_, event, reason) => {
      const w = await newWorld();

      const response = await w.dispatch(event);

      expect(response).toEqual({ batchItemFailures: [] });
      const text = typeof event === 'string' ? event : JSON.stringify(event);
      expect(w.receiveUndispatched()).toMatchObject([{ text, reason: expect.stringContaining(reason) }]);
      expect(w.counters.get('undispatched')).toBe(1);
    },
  );

  it('has its ids beside the reason, as far as they can be read', async () => {
    const w = await newWorld();
    const event = busEvent({ 'detail-type': 'file.renamed' });

    await w.dispatch(event);
    await w.dispatch(busEvent({ 'detail-type': 7 }, { id: { odd: true }, account_id: '' }));

    expect(w.receiveUndispatched()).toEqual([
      {
        text: JSON.stringify(event),
        reason: expect.any(String),
        event_id: 'evt_1',
        account_id: 'acct_1',
        event_type: 'file.renamed',
        bus_event_id: BUS_ID,
      },
      { text: expect.any(String), reason: expect.any(String), bus_event_id: BUS_ID },
    ]);
  });

  it('has only characters in its attributes that SQS takes', async () => {
    const w = await newWorld();

    // SQS takes the event: its publisher escaped them.
    await w.dispatch(asciiJson(busEvent({ 'detail-type': 'a\u0000b\uffffc\ud800d\u001f🎉' })));

    expect(w.receiveUndispatched()).toMatchObject([{ event_type: 'a\ufffdb\ufffdc\ufffdd\ufffd🎉' }]);
  });

  it.each([
    ['of the largest size has no attributes', 0, undefined, undefined],
    ['with room for the reason alone has no ids', 120, expect.any(String), undefined],
    ['with room for all has all', 400, expect.any(String), 'evt_1'],
  ])('%s', async (_, room, reason, id) => {
    const w = await newWorld();
    const envelope = busEvent({ 'detail-type': 'file.renamed' }, { data: { text: '' } });
    const text = 'x'.repeat(MAX_MESSAGE_BYTES - room - JSON.stringify(envelope).length);
    const event = busEvent({ 'detail-type': 'file.renamed' }, { data: { text } });

    expect(await w.dispatch(event)).toEqual({ batchItemFailures: [] });

    const [found] = w.receiveUndispatched();
    expect(found).toMatchObject({ text: JSON.stringify(event) });
    expect({ reason: found?.reason, id: found?.event_id }).toEqual({ reason, id });
  });

  it('comes back while it cannot be set aside', async () => {
    const w = await newWorld();
    const heal = w.intercept(down('SendMessageBatch'));

    expect((await w.dispatch(busEvent({ 'detail-type': 'file.renamed' }))).batchItemFailures).toHaveLength(1);
    expect(w.counters.get('undispatched')).toBeUndefined();

    heal();
    w.time.now += 10_000;
    await w.runDispatcher();
    expect(w.receiveUndispatched()).toHaveLength(1);
  });

  it('is never a crash, whatever arrives', async () => {
    const w = await newWorld();

    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.string(), async (detail, type, text) => {
        const response = await w.dispatch(busEvent({ detail, 'detail-type': type }), text || '-');

        expect(response).toEqual({ batchItemFailures: [] });
      }),
      { numRuns: 100 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiJson } from '../../lambdas/shared/domain/ascii-json.ts';
import { MAX_MESSAGE_BYTES } from '../../local/sqs/limits.ts';
import { newCloud, outage } from '../support/new-cloud.ts';
import { BUS_ID, busEvent, busEventWithData, nested } from './builders.ts';

describe('an event that can never be dispatched', () => {
  it.each([
    ['an unknown type', busEvent({ 'detail-type': 'file.renamed' }), 'not in the catalogue'],
    ['a reserved type', busEvent({ 'detail-type': 'webhook.retry' }), 'reserved'],
    ['no account', busEvent({}, { account_id: undefined }), 'account_id'],
    ['an invalid account', busEvent({}, { account_id: 'a b' }), 'account_id'],
    ['an invalid id', busEvent({}, { id: 'evt 1' }), 'Detail.id'],
    [
      'a time without a zone',
      busEvent({}, { created: '2026-01-15T10:30:00' }),
      'Detail.created is "2026-01-15T10:30:00"; it must be an RFC 3339 date-time',
    ],
    [
      'a day that does not exist',
      busEvent({}, { created: '2026-02-30T10:30:00Z' }),
      'Detail.created is "2026-02-30',
    ],
    ['a time that is a number', busEvent({}, { created: 1e9 }), 'Detail.created is not a string'],
    ['data that is a string', busEvent({}, { data: 'text' }), 'Detail.data'],
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
    ['a string instead of an object', '"hello"', 'not an EventBridge event'],
    ['text that is not JSON', '{', 'not JSON'],
  ])(
    'with %s is sent to the undispatched queue at once, unchanged, with the reason [API-11, API-14, API-49, FAULT-16]',
    async (_, event, reason) => {
      const cloud = await newCloud();

      const response = await cloud.dispatch(event);

      expect(response).toEqual({ batchItemFailures: [] });
      const text = typeof event === 'string' ? event : JSON.stringify(event);
      expect(cloud.receiveUndispatched()).toMatchObject([{ text, reason: expect.stringContaining(reason) }]);
      expect(cloud.counters.get('undispatched')).toBe(1);
    },
  );

  it('has its ids and the reason as message attributes, as far as the ids can be read', async () => {
    const cloud = await newCloud();
    const event = busEvent({ 'detail-type': 'file.renamed' });

    await cloud.dispatch(event);
    await cloud.dispatch(busEvent({ 'detail-type': 7 }, { id: { odd: true }, account_id: '' }));

    expect(cloud.receiveUndispatched()).toEqual([
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

  it('has only characters that SQS accepts in its message attributes', async () => {
    const cloud = await newCloud();

    // SQS accepts the event, because its publisher escaped these characters.
    await cloud.dispatch(asciiJson(busEvent({ 'detail-type': 'a\u0000b\uffffc\ud800d\u001f🎉' })));

    expect(cloud.receiveUndispatched()).toMatchObject([{ event_type: 'a\ufffdb\ufffdc\ufffdd\ufffd🎉' }]);
  });

  it.each([
    ['of the largest size has no message attributes', 0, undefined, undefined],
    ['that leaves space for the reason alone has the reason', 120, expect.any(String), undefined],
    ['that leaves space for all attributes has all', 400, expect.any(String), 'evt_1'],
  ])('%s', async (_, spareBytes, reason, id) => {
    const cloud = await newCloud();
    const envelope = busEvent({ 'detail-type': 'file.renamed' }, { data: { text: '' } });
    const text = 'x'.repeat(MAX_MESSAGE_BYTES - spareBytes - JSON.stringify(envelope).length);
    const event = busEvent({ 'detail-type': 'file.renamed' }, { data: { text } });

    expect(await cloud.dispatch(event)).toEqual({ batchItemFailures: [] });

    const [found] = cloud.receiveUndispatched();
    expect(found).toMatchObject({ text: JSON.stringify(event) });
    expect({ reason: found?.reason, id: found?.event_id }).toEqual({ reason, id });
  });

  it('is returned to its queue while the undispatched queue is unavailable', async () => {
    const cloud = await newCloud();
    const endOutage = cloud.intercept(outage('SendMessageBatch'));

    expect(
      (await cloud.dispatch(busEvent({ 'detail-type': 'file.renamed' }))).batchItemFailures,
    ).toHaveLength(1);
    expect(cloud.counters.get('undispatched')).toBeUndefined();

    endOutage();
    cloud.time.now += 10_000;
    await cloud.runDispatcher();
    expect(cloud.receiveUndispatched()).toHaveLength(1);
  });

  it('never fails the batch, for any JSON detail and any text', async () => {
    const cloud = await newCloud();

    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.string(), async (detail, type, text) => {
        const response = await cloud.dispatch(busEvent({ detail, 'detail-type': type }), text || '-');

        expect(response).toEqual({ batchItemFailures: [] });
      }),
      { numRuns: 100 },
    );
  });
});

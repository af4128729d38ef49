import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { type Journey, startJourney } from './support/journey.ts';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});

afterAll(() => journey.close());

/** Returns data for which the delivered body has exactly `bytes` bytes of UTF-8. */
function dataFor(eventId: string, bytes: number): { data: Record<string, string>; body: string } {
  const body = (text: string): string =>
    `{"id":"${eventId}","type":"file.uploaded","created":"2024-01-15T10:30:00Z","data":{"text":"${text}"}}`;
  const text = 'x'.repeat(bytes - Buffer.byteLength(body('')));
  return { data: { text }, body: body(text) };
}

describe('a body', () => {
  it.each([
    ['an emoji', '"🎉👩‍👩‍👧"'],
    ['a lone surrogate', '"\\ud83d"'],
    ['U+FFFF and U+0000', '"\\uffff\\u0000"'],
    ['markup and quotes', '"<script>\\"\\\\u2028</script>"'],
  ])('with %s is delivered byte for byte [API-3]', async (name, text) => {
    const customer = await journey.startCustomer();
    const key = await journey.newAccount(`acct_${name.replaceAll(/\W/g, '')}`);
    const account = `acct_${name.replaceAll(/\W/g, '')}`;
    await journey.register({ url: customer.url(), events: ['*'] }, { key });

    await journey.publishRaw(
      'file.uploaded',
      `{"account_id":"${account}","id":"evt_text","created":"2024-01-15T10:30:00Z","data":{"text":${text}}}`,
    );

    const [request] = await customer.received(1);
    const expected = `{"id":"evt_text","type":"file.uploaded","created":"2024-01-15T10:30:00Z","data":{"text":${JSON.stringify(JSON.parse(text))}}}`;
    expect(request?.body.equals(Buffer.from(expected))).toBe(true);
  });

  it('contains every number digit for digit [API-13]', async () => {
    const customer = await journey.startCustomer();
    const key = await journey.newAccount('acct_digits');
    await journey.register({ url: customer.url(), events: ['*'] }, { key });
    const data =
      '{"n":[1e400,-1E-400,12345678901234567890,0.1234567890123456789,1.0,25.50,-0,9007199254740993]}';

    await journey.publishRaw(
      'file.uploaded',
      `{"account_id":"acct_digits","id":"evt_digits","created":"2024-01-15t10:30+0530","data":${data}}`,
    );

    const [request] = await customer.received(1);
    expect(String(request?.body)).toBe(
      `{"id":"evt_digits","type":"file.uploaded","created":"2024-01-15T10:30:00+05:30","data":${data}}`,
    );
  });

  it('of 256 KiB is delivered byte for byte, and with one byte more the event is undispatched with the reason [API-11]', async () => {
    const customer = await journey.startCustomer();
    const key = await journey.newAccount('acct_large');
    await journey.register({ url: customer.url(), events: ['*'] }, { key });
    const common = { account_id: 'acct_large', created: '2024-01-15T10:30:00Z' };
    const largest = dataFor('evt_largest', 256 * 1024);
    const tooLarge = dataFor('evt_too_large', 256 * 1024 + 1);

    await journey.publish('file.uploaded', { ...common, id: 'evt_largest', data: largest.data });
    await journey.publish('file.uploaded', { ...common, id: 'evt_too_large', data: tooLarge.data });

    const [request] = await customer.received(1);
    expect(request?.body.length).toBe(262_144);
    expect(request?.body.equals(Buffer.from(largest.body))).toBe(true);
    const refused = await until('the refusal', () => {
      const queueUrl = journey.cloud.outputs.UndispatchedQueueUrl ?? '';
      return journey.cloud.queues.receive({ queueUrl, max: 1 })[0]?.message;
    });
    expect(JSON.parse(refused.body)).toMatchObject({
      'detail-type': 'file.uploaded',
      detail: { ...common, id: 'evt_too_large', data: tooLarge.data },
    });
    expect(refused.attributes).toMatchObject({
      reason: { stringValue: 'the body is 262145 bytes of UTF-8; at most 262144 can be delivered' },
      event_id: { stringValue: 'evt_too_large' },
      account_id: { stringValue: 'acct_large' },
    });
  });
});

import { PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compilePattern } from '../../local/events/pattern.ts';
import { ACCOUNT, manualClock, REGION, type Services, startServices } from './endpoint-builder.ts';

describe('event patterns', () => {
  const event = {
    source: 'shop',
    'detail-type': 'order.created',
    detail: {
      account_id: 'acct_1',
      total: 12.5,
      tags: ['new', 'Big'],
      paid: true,
      note: null,
      ip: '10.1.2.3',
      ip6: '2001:db8::1',
      address: { city: 'Bern' },
    },
  };
  const onDetail = (field: string, ...values: unknown[]) => ({ detail: { [field]: values } });

  it.each([
    ['a value', { source: ['shop'] }, true],
    ['one of several values', { source: ['other', 'shop'] }, true],
    ['another value', { source: ['other'] }, false],
    ['a number', onDetail('total', 12.5), true],
    ['a boolean', onDetail('paid', true), true],
    ['null', onDetail('note', null), true],
    ['null for a missing field', onDetail('missing', null), false],
    ['a string for a number', onDetail('total', '12.5'), false],
    ['a nested field', { detail: { address: { city: ['Bern'] } } }, true],
    ['two fields, one of which differs', { source: ['shop'], 'detail-type': ['order.paid'] }, false],
    ['one member of a list', onDetail('tags', 'Big'), true],
    ['prefix', onDetail('account_id', { prefix: 'acct_' }), true],
    ['an empty prefix', onDetail('account_id', { prefix: '' }), true],
    ['prefix on a number', onDetail('total', { prefix: '1' }), false],
    ['prefix ignoring case', onDetail('account_id', { prefix: { 'equals-ignore-case': 'ACCT' } }), true],
    ['suffix', { 'detail-type': [{ suffix: '.created' }] }, true],
    ['equals-ignore-case', onDetail('account_id', { 'equals-ignore-case': 'ACCT_1' }), true],
    ['wildcard', { 'detail-type': [{ wildcard: 'or*.cre*d' }] }, true],
    ['wildcard with a dot, which is literal', { 'detail-type': [{ wildcard: 'order?created' }] }, false],
    ['an escaped star', { 'detail-type': [{ wildcard: 'order\\*' }] }, false],
    ['exists', onDetail('account_id', { exists: true }), true],
    ['exists for a missing field', onDetail('missing', { exists: true }), false],
    ['exists: false for a missing field', onDetail('missing', { exists: false }), true],
    ['exists: false for a present field', onDetail('account_id', { exists: false }), false],
    ['numeric', onDetail('total', { numeric: ['>', 0, '<=', 12.5] }), true],
    ['numeric out of range', onDetail('total', { numeric: ['<', 12.5] }), false],
    ['cidr', onDetail('ip', { cidr: '10.0.0.0/8' }), true],
    ['cidr of another range', onDetail('ip', { cidr: '10.0.0.0/16' }), false],
    ['cidr of IPv6', onDetail('ip6', { cidr: '2001:db8::/32' }), true],
    ['cidr on a string that is not an address', onDetail('account_id', { cidr: '0.0.0.0/0' }), false],
    ['anything-but', { source: [{ 'anything-but': 'webhook-fanout' }] }, true],
    ['anything-but of a list', { source: [{ 'anything-but': ['shop', 'other'] }] }, false],
    ['anything-but a prefix', { source: [{ 'anything-but': { prefix: 'sh' } }] }, false],
    ['anything-but prefixes', { source: [{ 'anything-but': { prefix: ['a', 'b'] } }] }, true],
    ['anything-but for a missing field', onDetail('missing', { 'anything-but': 'x' }), false],
    [
      '$or with a matching branch',
      { $or: [{ source: ['other'] }, { 'detail-type': ['order.created'] }] },
      true,
    ],
    ['$or without one', { $or: [{ source: ['other'] }, { source: ['another'] }] }, false],
  ])('match %s', (_, pattern, matching) => {
    expect(compilePattern(pattern)(event)).toBe(matching);
  });

  it.each([
    ['an unknown operator', onDetail('ip', { regex: '.*' }), /regex.*must be one of/],
    ['a range without mask bits', onDetail('ip', { cidr: '10.0.0.0' }), /must be a range/],
    ['a value without a list', { source: 'shop' }, /\$\.source must be an object/],
    ['an empty list', { source: [] }, /at least one value/],
    [
      'an operator that cannot be negated',
      onDetail('total', { 'anything-but': { numeric: ['>', 1] } }),
      /numeric must be one of prefix/,
    ],
    [
      'a list of operators to negate',
      { source: [{ 'anything-but': [{ prefix: 'a' }] }] },
      /must be a string or a number/,
    ],
    ['half a comparison', onDetail('total', { numeric: ['>'] }), /comparisons/],
  ])('throw on %s', (_, pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(message);
  });
});

describe('PutEvents', () => {
  let services: Services;
  const clock = manualClock(Date.UTC(2026, 0, 1, 12, 0, 0, 987));
  beforeEach(async () => {
    services = await startServices({ clock });
    const bus = { name: 'fanout', arn: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/fanout` };
    services.events.addBus(bus);
    services.events.addRule({
      name: 'shop',
      arn: 'arn:rule/shop',
      busName: 'fanout',
      pattern: { source: ['shop'] },
    });
  });
  afterEach(() => services.close());

  const entry = (overrides: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry => ({
    EventBusName: 'fanout',
    Source: 'shop',
    DetailType: 'order.created',
    Detail: '{"account_id":"acct_1"}',
    ...overrides,
  });
  const put = (...Entries: PutEventsRequestEntry[]) =>
    services.eventsOf().send(new PutEventsCommand({ Entries }));

  it("passes an event to the matching rules of its bus, in AWS's format", async () => {
    const answer = await put(entry(), entry({ Source: 'elsewhere' }), entry({ EventBusName: 'default' }));

    expect(answer.FailedEntryCount).toBe(0);
    expect(services.matched).toEqual([
      {
        rule: expect.objectContaining({ name: 'shop' }),
        event: {
          version: '0',
          id: answer.Entries?.[0]?.EventId,
          'detail-type': 'order.created',
          source: 'shop',
          account: ACCOUNT,
          time: '2026-01-01T12:00:00Z',
          region: REGION,
          resources: [],
          detail: { account_id: 'acct_1' },
        },
        text: expect.any(String),
      },
    ]);
  });

  it('passes on the text of the event, with the published detail unchanged', async () => {
    const detail = ' {"n":1.0, "big":12345678901234567890}';

    const { Entries } = await put(entry({ Detail: detail, Resources: ['arn:aws:s3:::bucket'] }));

    expect(services.matched[0]?.text).toBe(
      `{"version":"0","id":"${Entries?.[0]?.EventId}","detail-type":"order.created","source":"shop","account":"${ACCOUNT}","time":"2026-01-01T12:00:00Z","region":"${REGION}","resources":["arn:aws:s3:::bucket"],"detail":${detail}}`,
    );
  });

  it('finds a bus by its ARN and uses the given time and resources', async () => {
    await put(
      entry({
        EventBusName: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/fanout`,
        Time: new Date('2024-05-06T07:08:09.5Z'),
        Resources: ['arn:aws:s3:::bucket'],
      }),
    );

    expect(services.matched[0]?.event).toMatchObject({
      time: '2024-05-06T07:08:09Z',
      resources: ['arn:aws:s3:::bucket'],
    });
  });

  it.each([
    ['no source', { Source: undefined }, 'InvalidArgument'],
    ['no detail', { Detail: undefined }, 'InvalidArgument'],
    ['a detail that is not JSON', { Detail: '{' }, 'MalformedDetail'],
    ['a detail that is no object', { Detail: '[1]' }, 'MalformedDetail'],
    ['a detail with a number that is none', { Detail: '{"n":NaN}' }, 'MalformedDetail'],
    ['a detail type of 129 characters', { DetailType: 'x'.repeat(129) }, 'InvalidArgument'],
    ["AWS's own source", { Source: 'aws.s3' }, 'NotAuthorizedForSource'],
    ['an unknown bus', { EventBusName: 'nowhere' }, 'InvalidArgument'],
  ])('refuses an entry with %s and accepts the other entries', async (_, part, code) => {
    const answer = await put({ ...entry(), ...part } as PutEventsRequestEntry, entry());

    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries).toMatchObject([{ ErrorCode: code }, { EventId: expect.any(String) }]);
    expect(services.matched).toHaveLength(1);
  });

  it('refuses a call with eleven entries or 1 MiB, and accepts one byte less [API-11]', async () => {
    const eleven = put(...Array.from({ length: 11 }, () => entry()));
    await expect(eleven).rejects.toMatchObject({ name: 'ValidationException' });

    const others = 'shop'.length + 'order.created'.length + '{"t":""}'.length;
    const ofBytes = (bytes: number) => entry({ Detail: `{"t":"${'x'.repeat(bytes - others)}"}` });
    await expect(put(ofBytes(1024 * 1024))).rejects.toThrow(/over the limit/);
    await expect(put(ofBytes(512 * 1024), ofBytes(512 * 1024))).rejects.toThrow(/over the limit/);
    expect(services.matched).toEqual([]);

    await put(ofBytes(1024 * 1024 - 1));
    expect(services.matched).toHaveLength(1);
  });

  it('refuses a rule for an unknown bus', () => {
    const rule = { name: 'lost', arn: 'arn:rule/lost', busName: 'nowhere', pattern: { source: ['a'] } };

    expect(() => services.events.addRule(rule)).toThrow(/no event bus nowhere/);
  });
});

import { describe, expect, it } from 'vitest';
import { detailText, failureText, heldText, resultText } from '../../console/src/parts/attempt-text.ts';
import { beganLater } from '../../console/src/screens/deliveries/began-later.ts';
import { isFiltered, searchOf, statusesOf } from '../../console/src/screens/deliveries/filter.ts';
import { countNew } from '../../console/src/screens/deliveries/use-arrivals.ts';
import { type Attempt, causeOf } from '../../console/src/screens/delivery/cause.ts';
import { pollMsOf } from '../../console/src/screens/delivery/poll.ts';
import {
  currentOf,
  pollMsOf as eventPollMsOf,
  readEventText,
} from '../../console/src/screens/event/outcome.ts';
import { exactTime } from '../../console/src/texts/language.ts';
import { DELIVERY_STATUSES, isFinal } from '../../lambdas/shared/domain/delivery.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');

describe('the filters in the address', () => {
  it('are parameters of the API', () => {
    const query = { status: 'exhausted,retrying', type: 'file.uploaded', last: '1h', older: 'cursor' };

    expect(searchOf(query, NOW)).toEqual({
      status: ['retrying', 'exhausted'],
      event_type: 'file.uploaded',
      since: '2026-11-26T11:00:00.000Z',
      cursor: 'cursor',
    });
  });

  it('ignore statuses that do not exist', () => {
    expect(statusesOf({ status: 'exhausted,queued' })).toEqual(['exhausted']);
    expect(searchOf({ status: 'none' }, NOW)).toEqual({});
  });

  it('do not include the position', () => {
    expect(isFiltered({ older: 'cursor', last: 'all' })).toBe(false);
    expect(isFiltered({ type: 'file.uploaded' })).toBe(true);
  });
});

describe('the time of a repeat', () => {
  const accepted = '2026-11-26T10:00:00.000Z';
  const later = '2026-11-26T12:00:00.000Z';

  it('differs from that by which the log is sorted', () => {
    expect(beganLater({ trigger: 'recovery', accepted, created: later })).toBe(true);
    // Its event was published again.
    expect(beganLater({ trigger: 'event', accepted, created: later })).toBe(true);
  });

  it('is the same for a first delivery and for a resend', () => {
    expect(beganLater({ trigger: 'event', accepted, created: accepted })).toBe(false);
    expect(beganLater({ trigger: 'resend', accepted, created: '2026-11-26T10:00:00.007Z' })).toBe(false);
  });
});

describe('an attempt in words', () => {
  it.each([
    [{ ...failed('http_status', 500) }, 'Your server answered 500'],
    [{ ...failed('http_status', 301) }, 'Your server answered 301, a redirect'],
    [{ ...failed('timeout'), duration_ms: 30_000 }, 'Your server did not answer within 30 s'],
    [{ ...failed('dns_error') }, 'The name of your server was not found in DNS'],
    [{ ...attempt(), response: { status: 200 } }, 'Answered 200 in 84 ms'],
    [{ ...failed('new_error' as 'timeout'), reason: 'something new happened' }, 'Something new happened'],
  ])('%j is "%s"', (given, text) => {
    expect(resultText(given)).toBe(text);
  });

  it('has the detail of the API only where it says more than the status', () => {
    const reason = 'the endpoint answered 201; 200 was expected';

    expect(detailText({ ...failed('http_status', 201), reason })).toBe(
      'The endpoint answered 201; 200 was expected.',
    );
    expect(detailText({ ...failed('http_status', 500), reason })).toBe('');
    expect(failureText({ ...failed('http_status', 201), reason })).toBe('your server answered 201');
  });
});

describe('a held delivery', () => {
  const reason = 'the webhook is disabled';

  it('states why it is held, while it is held', () => {
    expect(heldText(reason, false)).toBe('The webhook is disabled.');
  });

  it('states what will happen to it when the webhook is active again', () => {
    expect(heldText(reason, true)).toBe('Held while the webhook was disabled. It waits until you send it.');
    expect(heldText('the secret cannot be opened', true)).toBe(
      'The secret cannot be opened. It waits until you send it.',
    );
  });

  it('does not wait when it was sent again', () => {
    expect(heldText(reason, true, true)).toBe('Held while the webhook was disabled.');
    expect(heldText(reason, false, true)).toBe('Held while the webhook was disabled.');
  });
});

describe('the cause of a delivery', () => {
  const four = [1, 2, 3, 4].map(() => failed('http_status', 500));

  it('states on whose side it failed, how often, and that no attempt follows', () => {
    expect(causeOf({ status: 'exhausted', attempts: four }, true)).toMatchObject({
      tone: 'bad',
      what: 'Your server answered 500, four times. We stopped trying.',
      check: `Look for ${exactTime(Date.parse(four[3]?.at ?? ''))} in the log of your server.`,
    });
  });

  it('names the last failure when they differ', () => {
    const attempts = [failed('timeout'), failed('http_status', 500)];

    expect(causeOf({ status: 'retrying', attempts }, true)).toMatchObject({
      tone: 'warn',
      what: '2 attempts failed. At the last one, your server answered 500.',
    });
  });

  it('does not say that a held delivery was tried when it was not', () => {
    const held = { status: 'held', reason: 'the webhook is disabled', attempts: [] } as const;

    expect(causeOf({ ...held, attempts: [] }, false)).toMatchObject({
      what: 'Held: your server has not seen it.',
      more: 'The webhook is disabled.',
      check: 'When the webhook is active again, send what was held.',
    });
    expect(causeOf({ ...held, attempts: four }, true)).toMatchObject({
      what: 'Held after 4 attempts that failed.',
      check: 'Send it, or everything that was held.',
    });
  });

  it('says at which attempt it was delivered', () => {
    expect(causeOf({ status: 'delivered', attempts: [attempt()] }, true).what).toBe(
      'Delivered at the first attempt.',
    );
    expect(causeOf({ status: 'delivered', attempts: [...four.slice(2), attempt()] }, true).what).toBe(
      'Delivered at attempt 3. 2 attempts failed before.',
    );
  });
});

describe('reading again', () => {
  it.each(DELIVERY_STATUSES)('ends when the status %s is final', (status) => {
    const inEvent = { webhook_id: 'wh_1', delivery_id: 'd', status, attempts: 1 };

    expect(pollMsOf({ status }, NOW) === undefined).toBe(isFinal(status));
    expect(eventPollMsOf([inEvent]) === undefined).toBe(isFinal(status));
  });

  it('follows a delivery only until it has ended, and more often when its next attempt is near', () => {
    const next = (restMs: number) => new Date(NOW + restMs).toISOString();

    expect(pollMsOf({ status: 'delivered' }, NOW)).toBeUndefined();
    expect(pollMsOf({ status: 'retrying', next_attempt_at: next(-5_000) }, NOW)).toBe(2_000);
    expect(pollMsOf({ status: 'retrying', next_attempt_at: next(8_000) }, NOW)).toBe(8_000);
    expect(pollMsOf({ status: 'retrying', next_attempt_at: next(3_600_000) }, NOW)).toBe(15_000);
  });

  it('follows an event until the current delivery of each webhook has ended', () => {
    const of = (webhook: string, status: 'queued' | 'held' | 'delivered' | 'retrying') => ({
      ...{ webhook_id: webhook, delivery_id: `${webhook}-${status}`, status, attempts: 0 },
    });

    expect(currentOf([of('a', 'held'), of('a', 'delivered'), of('b', 'held')])).toEqual([
      of('a', 'delivered'),
      of('b', 'held'),
    ]);
    expect(eventPollMsOf([of('a', 'retrying'), of('a', 'delivered')])).toBeUndefined();
    expect(eventPollMsOf([of('a', 'delivered'), of('b', 'retrying')])).toBe(10_000);
    expect(eventPollMsOf([of('a', 'held'), of('a', 'queued')])).toBe(2_000);
  });

  it('keeps the digits of the data of an event', () => {
    const text =
      '{"id":"evt_1","type":"t","created":"x","data":{"size":12345678901234567890},"deliveries":[]}';

    expect(readEventText(text)).toMatchObject({ id: 'evt_1', dataText: '{"size":12345678901234567890}' });
  });

  it('counts the entries that were not there before', () => {
    expect(countNew([{ id: 'c' }, { id: 'b' }], [{ id: 'b' }, { id: 'a' }])).toBe(1);
  });
});

function attempt(): Attempt {
  return {
    ...{ number: 1, at: '2026-11-26T12:00:00.000Z', duration_ms: 84, request: { headers: {} } },
    timing: { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: 80 },
  };
}

function failed(error: NonNullable<Attempt['error']>, status?: number): Attempt {
  const response = status !== undefined && { status, headers: {}, body: null, body_truncated: false };
  return { ...attempt(), error, ...(response && { response }) };
}

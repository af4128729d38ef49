import { describe, expect, it } from 'vitest';
import { type ParsedEvent, parseEvent } from '../../lambdas/dispatch-event/parse-event.ts';
import { NOW } from '../support/builders.ts';
import { busEvent } from './builders.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const KNOWN = { eventTypes: new Set(['file.uploaded']), systemEventSource: 'webhook-fanout' };

const parse = (event: unknown): ParsedEvent => parseEvent(JSON.stringify(event), KNOWN, NOW);

describe('the time of acceptance', () => {
  it.each([
    ['now', 0, true],
    ['almost 15 days ago', -15 * DAY_MS + 1_000, true],
    ['15 days ago', -15 * DAY_MS, false],
    ['almost 5 minutes ahead', 5 * MINUTE_MS - 1_000, true],
    ['5 minutes ahead', 5 * MINUTE_MS, false],
    ['a year ago', -365 * DAY_MS, false],
  ])('is the time of the bus when it is plausible: %s [API-17]', (_, differenceMs, isPlausible) => {
    const time = new Date(NOW + differenceMs).toISOString();

    expect(parse(busEvent({ time }))).toMatchObject({
      ok: true,
      accepted: { acceptedAt: isPlausible ? NOW + differenceMs : NOW },
    });
  });
});

describe('a body', () => {
  const lengthOfRest = (() => {
    const parsed = parse(busEvent({}, { data: { text: '' } }));
    return parsed.ok ? parsed.accepted.body.length : 0;
  })();

  it.each([
    [262_144, true],
    [262_145, false],
  ])('of %i bytes is accepted: %s [API-11]', (bytes, isAccepted) => {
    const text = 'x'.repeat(bytes - lengthOfRest);

    expect(parse(busEvent({}, { data: { text } })).ok).toBe(isAccepted);
  });
});

describe('the ids of a refused event', () => {
  it('are cut after 128 characters', () => {
    const refused = (id: string): ParsedEvent => parse(busEvent({ 'detail-type': 'file.renamed' }, { id }));

    expect(refused('x'.repeat(128))).toMatchObject({ ok: false, ids: { event_id: 'x'.repeat(128) } });
    expect(refused('x'.repeat(129))).toMatchObject({ ok: false, ids: { event_id: `${'x'.repeat(128)}…` } });
  });
});

describe('the event of the canary', () => {
  it.each([
    ['its own source', 'webhook-fanout.canary', true],
    ['the source of system events', 'webhook-fanout', false],
    ['the source of a publisher', 'shop', false],
    ['the source of another deployment', 'webhook-fanout-2.canary', false],
  ])('from %s is accepted: %s [API-44]', (_, source, isAccepted) => {
    expect(parse(busEvent({ 'detail-type': 'webhook.canary', source })).ok).toBe(isAccepted);
  });
});

describe('the webhook that a system event is about', () => {
  const aboutOf = (type: string): string | undefined => {
    const event = busEvent({ 'detail-type': type, source: 'webhook-fanout' }, { about_webhook_id: 'wh_1' });
    const parsed = parse(event);
    return parsed.ok ? parsed.accepted.aboutWebhookId : 'refused';
  };

  it('is read from system events only, since publishers could otherwise limit the attempts of a webhook', () => {
    expect([aboutOf('webhook.retry'), aboutOf('file.uploaded')]).toEqual(['wh_1', undefined]);
  });
});

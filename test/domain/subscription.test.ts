import { describe, expect, it } from 'vitest';
import { subscribesTo, whyUnmatchable } from '../../lambdas/shared/domain/subscription.ts';

describe('a subscription', () => {
  it.each([
    ['file.uploaded', 'file.uploaded', true],
    ['file.uploaded', 'file.uploaded.twice', false],
    ['ppt.generation.*', 'ppt.generation.completed', true],
    ['ppt.*', 'ppt.generation.completed', true],
    ['ppt.generation.*', 'ppt.generation', false],
    ['ppt.generation.*', 'ppt.generationx.completed', false],
    ['*', 'user.subscribed', true],
    ['*', 'webhook.retry', false],
    ['webhook.*', 'webhook.retry', true],
    ['webhook.exhausted', 'webhook.exhausted', true],
  ])('to %s matches the event %s: %s', (pattern, type, matches) => {
    expect(subscribesTo([pattern], type)).toBe(matches);
  });

  it('matches when one of its patterns matches', () => {
    expect(subscribesTo(['file.deleted', 'user.*'], 'user.registered')).toBe(true);
    expect(subscribesTo([], 'user.registered')).toBe(false);
  });

  it('is refused when it matches no event type', () => {
    const types = ['file.uploaded', 'user.subscribed'];

    expect(whyUnmatchable('file.*', types)).toBeUndefined();
    expect(whyUnmatchable('webhook.retry', types)).toBeUndefined();
    expect(whyUnmatchable('file.upload', types)).toContain('"file.upload" matches no event type');
    expect(whyUnmatchable('webhook.verification', types)).toBeDefined();
    expect(whyUnmatchable('fi*', types)).toBeDefined();
  });
});

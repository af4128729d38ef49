import { describe, expect, it } from 'vitest';
import { prefixOf, subscribesTo, whyUnmatchable } from '../../lambdas/shared/domain/subscription.ts';

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

  it('that is refused is quoted with at most 64 characters, and with a prefix that matches', () => {
    const [longest, longer] = ['x'.repeat(64), 'x'.repeat(65)];

    expect(whyUnmatchable(longest, ['ppt.generation.completed'])).toMatch(
      new RegExp(`^"${longest}" matches .* a prefix such as "ppt\\.generation\\.\\*"`),
    );
    expect(whyUnmatchable(longer, [])).toMatch(
      new RegExp(`^"${longest}…" matches .* a prefix such as "webhook\\.\\*"`),
    );
    expect(subscribesTo([prefixOf('ppt.generation.completed')], 'ppt.generation.completed')).toBe(true);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildTree,
  coveredBy,
  matchedTypes,
  type TreeNode,
  toggle,
} from '../../console/src/parts/event-tree.ts';
import { SYSTEM_EVENT_TYPES } from '../../lambdas/shared/domain/catalogue.ts';
import { matchablePatterns, matchesSubscription } from '../../lambdas/shared/domain/subscription.ts';

const CATALOGUE = [
  'ppt.edit.failed',
  'ppt.edit.started',
  'ppt.done',
  'file.uploaded',
  'ppt.edit.failed.twice',
];
const NAMES = [...CATALOGUE, ...SYSTEM_EVENT_TYPES];

const flatten = (nodes: readonly TreeNode[]): TreeNode[] =>
  nodes.flatMap((node) => [node, ...flatten(node.children)]);

describe('the tree of event types', () => {
  it('has every entry that the API accepts, once', () => {
    const patterns = flatten(buildTree(NAMES)).map(({ pattern }) => pattern);

    expect(patterns.toSorted()).toEqual(matchablePatterns(CATALOGUE).toSorted());
  });

  it('names the types that each entry matches for the service', () => {
    for (const { pattern, types } of flatten(buildTree(NAMES))) {
      const matched = NAMES.filter((name) => matchesSubscription(pattern, name));
      expect([pattern, types.toSorted()]).toEqual([pattern, matched.toSorted()]);
    }
  });

  it('has the types of the catalogue below "*", and the types of the service beside it', () => {
    const [all, system] = buildTree(NAMES);

    expect(all?.children.map(({ pattern }) => pattern)).toEqual(['ppt.*', 'file.*']);
    expect(system?.pattern).toBe('webhook.*');
  });

  it('has no "*" for an empty catalogue, which the API refuses', () => {
    expect(buildTree(SYSTEM_EVENT_TYPES).map(({ pattern }) => pattern)).toEqual(['webhook.*']);
  });
});

describe('choosing events', () => {
  const chooseAll = (clicks: readonly string[]): string[] =>
    clicks.reduce<string[]>((chosen, pattern) => toggle(pattern, chosen), []);

  it('replaces entries by a wider one, and keeps the others', () => {
    expect(chooseAll(['file.uploaded', 'ppt.done', 'webhook.retry', 'ppt.*'])).toEqual([
      'file.uploaded',
      'webhook.retry',
      'ppt.*',
    ]);
    expect(chooseAll(['file.*', 'webhook.*', '*'])).toEqual(['webhook.*', '*']);
  });

  it('removes an entry that is chosen again', () => {
    expect(chooseAll(['file.*', 'ppt.done', 'file.*'])).toEqual(['ppt.done']);
  });

  it('matches what the service will send, whatever is chosen', () => {
    fc.assert(
      fc.property(fc.subarray(matchablePatterns(CATALOGUE)), (patterns) => {
        const expected = NAMES.filter((name) =>
          patterns.some((pattern) => matchesSubscription(pattern, name)),
        );

        expect(matchedTypes(NAMES, patterns)).toEqual(expected);
        expect(matchedTypes(NAMES, chooseAll(patterns.toSorted()))).toEqual(expected);
      }),
    );
  });

  it('says which entry includes another', () => {
    expect(coveredBy('ppt.edit.*', ['file.*', '*'])).toBe('*');
    expect(coveredBy('ppt.edit.failed', ['ppt.edit.*'])).toBe('ppt.edit.*');
    expect(coveredBy('pptx.done', ['ppt.*'])).toBeUndefined();
    expect(coveredBy('webhook.retry', ['*'])).toBeUndefined();
  });
});

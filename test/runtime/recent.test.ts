import { describe, expect, it } from 'vitest';
import { createRecent } from '../../lambdas/shared/runtime/recent.ts';

function recent(forMs = 1_000) {
  const time = { now: 0 };
  return { time, set: createRecent<string>({ now: () => time.now }, forMs) };
}

describe('a set of recent items', () => {
  it('removes an item when its time has passed', () => {
    const { time, set } = recent();
    set.add('a');

    time.now = 999;
    const before = set.has('a');
    time.now = 1_000;

    expect([before, set.has('a'), set.all()]).toEqual([true, false, []]);
  });

  it('counts the time from the last time that the item was added', () => {
    const { time, set } = recent();
    set.add('a');
    time.now = 999;
    set.add('a');

    time.now = 1_998;

    expect(set.has('a')).toBe(true);
  });

  it('removes a deleted item at once', () => {
    const { set } = recent();
    set.add('a');

    set.delete('a');

    expect(set.has('a')).toBe(false);
  });

  it('has at most ten thousand items: the one that was added first is removed', () => {
    const { set } = recent();
    for (let n = 0; n < 10_000; n++) set.add(`item ${n}`);
    set.add('item 0');

    set.add('one more');

    expect(set.all()).toHaveLength(10_000);
    expect([set.has('item 0'), set.has('item 1')]).toEqual([true, false]);
  });
});

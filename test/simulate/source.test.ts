import { describe, expect, it } from 'vitest';
import type { SourceSettings } from '../../simulate/parameters.ts';
import { createSource } from '../../simulate/source.ts';
import { createTimeline } from '../../simulate/timeline.ts';

const ENOUGH_POLLERS = { atStart: 100, perMinute: 300 };
const SETTINGS: SourceSettings = {
  batchSize: 10,
  windowMs: 1_000,
  maxConcurrency: 100,
  pollers: ENOUGH_POLLERS,
  collectors: 1,
};

/** Adds messages at once, processes each batch for a minute, and returns the time and size of all batches. */
function batchesOf(messages: number, settings: Partial<SourceSettings>): { atMs: number; size: number }[] {
  const timeline = createTimeline();
  const batches: { atMs: number; size: number }[] = [];
  const source = createSource<number>({
    timeline,
    settings: { ...SETTINGS, ...settings },
    invoke: (batch, done) => {
      batches.push({ atMs: timeline.now(), size: batch.length });
      timeline.at(timeline.now() + 60_000, done);
    },
  });
  for (let n = 0; n < messages; n += 1) source.add(n);
  timeline.run(200_000);
  return batches;
}

describe('a simulated queue', () => {
  it('processes a full batch at once, and a smaller batch when its window ends', () => {
    expect(batchesOf(25, {})).toEqual([
      { atMs: 0, size: 10 },
      { atMs: 0, size: 10 },
      { atMs: 1_000, size: 5 },
    ]);
  });

  it('distributes messages to all pollers that fill batches at the same time', () => {
    expect(batchesOf(25, { collectors: 5 })).toEqual(
      Array.from({ length: 5 }, () => ({ atMs: 1_000, size: 5 })),
    );
  });

  it('processes no more batches at once than its maximum concurrency', () => {
    expect(batchesOf(25, { maxConcurrency: 2 })).toEqual([
      { atMs: 0, size: 10 },
      { atMs: 0, size: 10 },
      { atMs: 61_000, size: 5 },
    ]);
  });

  it('gets one more poller after each interval while messages wait', () => {
    expect(batchesOf(30, { pollers: { atStart: 1, perMinute: 60 } }).map(({ atMs }) => atMs)).toEqual([
      0, 1_000, 2_000,
    ]);
  });
});

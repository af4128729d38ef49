import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { MAX_RETRIES, readRetrySchedule } from '../../lib/shared/check-retry-delays.ts';

describe('the retry schedule', () => {
  it.each([
    { delays: [Duration.seconds(1), Duration.seconds(5), Duration.seconds(30)], seconds: [1, 5, 30] },
    { delays: [Duration.seconds(0)], seconds: [0] },
    { delays: [Duration.minutes(15)], seconds: [900] },
    { delays: [Duration.millis(2_000)], seconds: [2] },
  ])('accepts $seconds', ({ delays, seconds }) => {
    expect(readRetrySchedule(delays)).toEqual(seconds);
  });

  it.each([
    {
      name: 'no entry',
      delays: [],
      message: /retryDelays has 0 entries; allowed are 1 to 6\. Give one delay/,
    },
    {
      name: 'too many entries',
      delays: Array.from({ length: MAX_RETRIES + 1 }, () => Duration.seconds(1)),
      message: /retryDelays has 7 entries; allowed are 1 to 6\./,
    },
    {
      name: 'a delay above the maximum of a queue',
      delays: [Duration.seconds(1), Duration.seconds(901)],
      message:
        /retryDelays\[1\] is 901 s; allowed are whole seconds from 0 to 900.*Use Duration\.seconds\(900\)/,
    },
    {
      name: 'a fraction of a second',
      delays: [Duration.millis(1_500)],
      message: /retryDelays\[0\] is 1\.5 s; allowed are whole seconds.*Use Duration\.seconds\(2\)/,
    },
  ])('refuses $name [FAULT-33]', ({ delays, message }) => {
    expect(() => readRetrySchedule(delays)).toThrow(message);
  });
});

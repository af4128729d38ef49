import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { MAX_RETRIES, readRetrySchedule } from '../../lib/shared/check-retry-delays.ts';

describe('the retry schedule', () => {
  it.each([
    { delays: [Duration.seconds(1), Duration.seconds(5), Duration.seconds(30)], seconds: [1, 5, 30] },
    { delays: [Duration.seconds(0)], seconds: [0] },
    { delays: [Duration.minutes(15)], seconds: [900] },
    { delays: [Duration.hours(24)], seconds: [86_400] },
    { delays: [Duration.millis(2_000)], seconds: [2] },
  ])('accepts $seconds', ({ delays, seconds }) => {
    expect(readRetrySchedule(delays)).toEqual(seconds);
  });

  it.each([
    {
      name: 'no entry',
      delays: [],
      message: /retryDelays has 0 entries; allowed are 1 to 12\. Give one delay/,
    },
    {
      name: 'too many entries',
      delays: Array.from({ length: MAX_RETRIES + 1 }, () => Duration.seconds(1)),
      message: /retryDelays has 13 entries; allowed are 1 to 12\./,
    },
    {
      name: 'a delay above 24 hours',
      delays: [Duration.seconds(1), Duration.seconds(86_401)],
      message:
        /retryDelays\[1\] is 86401 s; allowed are whole seconds from 0 to 86400.*Use Duration\.seconds\(86400\)/,
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

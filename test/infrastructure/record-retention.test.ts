import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { readRecordRetention } from '../../lib/shared/record-retention.ts';
import { synthesize } from './synthesize.ts';

const SCHEDULE = [1, 5, 30];

/** By function, of every function that gets the retention. */
function retentionOfFunctions(recordRetention?: Duration): Set<string> {
  const { resources } = synthesize(recordRetention === undefined ? {} : { recordRetention });
  return new Set(
    resources('AWS::Lambda::Function')
      .map(({ Environment }) => Environment.Variables)
      .filter(({ RECORD_RETENTION_DAYS: days }) => days !== undefined)
      .map(({ POWERTOOLS_SERVICE_NAME: name, RECORD_RETENTION_DAYS: days }) => `${name}: ${days}`),
  );
}

describe('the retention of records', () => {
  it.each([
    { retention: undefined, days: 30 },
    { retention: Duration.days(1), days: 1 },
    { retention: Duration.hours(48), days: 2 },
    { retention: Duration.days(365), days: 365 },
  ])('is $days days', ({ retention, days }) => {
    expect(readRecordRetention(retention, SCHEDULE)).toBe(days);
  });

  it.each([
    [Duration.days(0), /recordRetention is 0 days; expected: a whole number of days from 1 to 365/],
    [Duration.hours(36), /recordRetention is 1\.5 days; expected: a whole number/],
    [Duration.days(366), /recordRetention is 366 days; expected: a whole number.*Duration\.days\(30\)/],
  ])('is refused when it is %s [FAULT-33]', (retention, message) => {
    expect(() => readRecordRetention(retention, SCHEDULE)).toThrow(message);
  });

  it('is refused when the retries of a delivery take longer [FAULT-33]', () => {
    const threeDays = [86_400, 86_400, 86_400];

    expect(readRecordRetention(Duration.days(4), threeDays)).toBe(4);
    expect(() => readRecordRetention(Duration.days(3), threeDays)).toThrow(
      /recordRetention is 3 days, but the retries of retryDelays take 3\.0 days.*at least Duration\.days\(4\)/,
    );
  });

  it('is known to every function that writes records', () => {
    const writers = ['dispatch-event', 'recover-deliveries', 'send-delivery', 'serve-api'];

    expect(retentionOfFunctions()).toEqual(new Set(writers.map((name) => `${name}: 30`)));
    expect(retentionOfFunctions(Duration.days(90))).toEqual(new Set(writers.map((name) => `${name}: 90`)));
  });
});

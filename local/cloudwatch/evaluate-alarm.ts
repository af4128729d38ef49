export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** How an alarm decides. The names are CloudWatch's. */
export interface AlarmRule {
  readonly threshold: number;
  readonly comparison: Comparison;
  /** N: how many data points are compared. */
  readonly evaluationPeriods: number;
  /** M: how many of them must exceed the threshold. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: MissingData;
}

export const COMPARISONS = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanOrEqualToThreshold',
  'LessThanThreshold',
] as const;
export type Comparison = (typeof COMPARISONS)[number];

export const MISSING_DATA = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;
export type MissingData = (typeof MISSING_DATA)[number];

/** A data point without a value is undefined. */
export type DataPoint = number | undefined;

/**
 * CloudWatch reads more data points than it compares, so that a late one is not missing. The number is documented by one
 * example only: five for an alarm that compares three.
 */
const EXTRA_PERIODS = 2;

/** How many of the newest data points `nextState` needs: CloudWatch's "evaluation range". */
export function evaluationRange({ evaluationPeriods }: Pick<AlarmRule, 'evaluationPeriods'>): number {
  return evaluationPeriods + EXTRA_PERIODS;
}

/**
 * The state of an alarm after an evaluation of the newest data points, oldest first. With N existing points in the range
 * the newest N decide, and missing ones have no effect. With fewer, every existing point counts, and only as many missing
 * ones as are needed for N.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function nextState(rule: AlarmRule, range: readonly DataPoint[], current: AlarmState): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = rule;
  const isBreaching = (point: number): boolean => compare(point, rule);
  const existing = range.filter((point) => point !== undefined);
  const compared = existing.slice(-evaluationPeriods);
  const breaching = compared.filter(isBreaching).length;
  const missing = evaluationPeriods - compared.length;

  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (missing === 0) return 'OK';
  switch (treatMissingData) {
    case 'breaching':
      return breaching + missing >= datapointsToAlarm ? 'ALARM' : 'OK';
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return breaching < compared.length ? 'OK' : current;
    case 'missing': {
      if (existing.length === 0) return 'INSUFFICIENT_DATA';
      if (breaching < compared.length) return 'OK';
      // All existing points are breaching. Later points could still be non-breaching, unless the oldest one is old
      // enough.
      const ageOfOldest = range.length - range.findIndex((point) => point !== undefined);
      return ageOfOldest >= datapointsToAlarm ? 'ALARM' : current;
    }
  }
}

function compare(point: number, { comparison, threshold }: AlarmRule): boolean {
  switch (comparison) {
    case 'GreaterThanOrEqualToThreshold':
      return point >= threshold;
    case 'GreaterThanThreshold':
      return point > threshold;
    case 'LessThanOrEqualToThreshold':
      return point <= threshold;
    case 'LessThanThreshold':
      return point < threshold;
  }
}

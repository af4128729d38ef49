import { describe, expect, it } from 'vitest';
import {
  type AlarmRule,
  type AlarmState,
  type DataPoint,
  evaluationRange,
  MISSING_DATA,
  nextState,
} from '../../../local/cloudwatch/evaluate-alarm.ts';

const CURRENT = 'current' as AlarmState;
const OUTCOMES = { O: 'OK', A: 'ALARM', I: 'INSUFFICIENT_DATA', C: CURRENT } as const;

function rule(change: Partial<AlarmRule> = {}): AlarmRule {
  return {
    threshold: 1,
    comparison: 'GreaterThanOrEqualToThreshold',
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    treatMissingData: 'missing',
    ...change,
  };
}

/** `0`: within the threshold, `X`: breaching, `-`: missing. Oldest first. */
function points(text: string): DataPoint[] {
  return text.split(' ').map((letter) => (letter === '-' ? undefined : letter === 'X' ? 1 : 0));
}

/** The states with missing data treated as breaching, notBreaching, ignore and missing. */
function statesOf(text: string, change: Partial<AlarmRule>): AlarmState[] {
  return MISSING_DATA.map((treatMissingData) =>
    nextState(rule({ ...change, treatMissingData }), points(text), CURRENT),
  );
}

function expected(letters: string): AlarmState[] {
  return [...letters].map((letter) => OUTCOMES[letter as keyof typeof OUTCOMES]);
}

describe('the tables in the documentation of CloudWatch', () => {
  it.each([
    ['0 - X - X', 'OOOO'],
    ['- - - - 0', 'OOOO'],
    ['- - - - -', 'AOCI'],
    ['0 X X - X', 'AAAA'],
    ['- - X - -', 'AOCA'],
  ])('3 of 3 points: %s', (text, states) => {
    expect(statesOf(text, { datapointsToAlarm: 3 })).toEqual(expected(states));
  });

  it.each([
    ['0 - X - X', 'AAAA'],
    ['0 0 X 0 X', 'AAAA'],
    ['0 - X - -', 'AOOO'],
    ['- - - - 0', 'AOOO'],
    ['- - - X -', 'AOCA'],
  ])('2 of 3 points: %s', (text, states) => {
    expect(statesOf(text, { datapointsToAlarm: 2 })).toEqual(expected(states));
  });

  it('reads five points for an alarm that compares three', () => {
    expect(evaluationRange(rule())).toBe(5);
  });
});

describe('an alarm', () => {
  it('does not change its state for one breaching point while the others are missing', () => {
    expect(nextState(rule(), points('- - - - X'), 'OK')).toBe('OK');
    expect(nextState(rule(), points('- - - X -'), 'OK')).toBe('OK');
  });

  it.each([
    ['GreaterThanOrEqualToThreshold', 'OAA'],
    ['GreaterThanThreshold', 'OOA'],
    ['LessThanOrEqualToThreshold', 'AAO'],
    ['LessThanThreshold', 'AOO'],
  ] as const)('%s compares a point below, at and above the threshold', (comparison, states) => {
    const once = rule({ comparison, threshold: 5, evaluationPeriods: 1, datapointsToAlarm: 1 });

    expect([4, 5, 6].map((point) => nextState(once, [0, 0, point], 'OK'))).toEqual(expected(states));
  });
});

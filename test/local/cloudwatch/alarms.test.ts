import { describe, expect, it } from 'vitest';
import { type AlarmSettings, createAlarms } from '../../../local/cloudwatch/alarms.ts';
import { formatAlarmChange } from '../../../local/cloudwatch/format-alarm.ts';
import { createMetricStore, MINUTE_MS } from '../../../local/cloudwatch/metric-store.ts';

const METRIC = { namespace: 'Test', name: 'errors', dimensions: { FunctionName: 'send' } };

function alarm(change: Partial<AlarmSettings> = {}): AlarmSettings {
  return {
    logicalId: 'Errors',
    name: 'errors',
    description: 'The function fails.',
    queries: [{ id: 'm', metric: METRIC, statistic: 'Sum' }],
    comparedQuery: 'm',
    periodMs: MINUTE_MS,
    threshold: 1,
    comparison: 'GreaterThanOrEqualToThreshold',
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    treatMissingData: 'notBreaching',
    alarmActions: [],
    okActions: [],
    ...change,
  };
}

/** The state after each minute. `values`: what is reported in each. */
function statesOf(settings: AlarmSettings, values: readonly (readonly number[])[]): string[] {
  const store = createMetricStore();
  const alarms = createAlarms([settings], store);
  return values.map((ofMinute, minute) => {
    for (const value of ofMinute) store.add(METRIC, value, minute * MINUTE_MS + 30_000);
    alarms.evaluate((minute + 1) * MINUTE_MS);
    return alarms.state(settings.name) ?? '';
  });
}

describe('an alarm', () => {
  it('changes to ALARM when M of N periods exceed the threshold, and to OK when they no longer do', () => {
    expect(statesOf(alarm(), [[1], [0], [1], [0], [1], [0], [0], [0]])).toEqual([
      ...['OK', 'OK', 'OK', 'OK', 'ALARM', 'OK', 'OK', 'OK'],
    ]);
  });

  it('clears when its metric stops, after CloudWatch no longer reads the breaching points', () => {
    const once = alarm({ evaluationPeriods: 1, datapointsToAlarm: 1 });

    expect(statesOf(once, [[1], [], [], [], []])).toEqual(['ALARM', 'ALARM', 'ALARM', 'OK', 'OK']);
  });

  it('compares a period of five minutes that ends in each minute', () => {
    const long = alarm({ periodMs: 5 * MINUTE_MS, threshold: 5, evaluationPeriods: 1, datapointsToAlarm: 1 });
    const ofMinutes = [[1], [1], [1], [1], [1], [0], [1]];

    expect(statesOf(long, ofMinutes)).toEqual(['OK', 'OK', 'OK', 'OK', 'ALARM', 'OK', 'OK']);
  });

  it('fires for silence when missing data is breaching', () => {
    const silence = alarm({
      comparison: 'LessThanThreshold',
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      treatMissingData: 'breaching',
    });

    expect(statesOf(silence, [[1], [], [], []])).toEqual(['OK', 'OK', 'OK', 'ALARM']);
  });

  it('compares percentiles', () => {
    const slow = alarm({
      queries: [{ id: 'm', metric: METRIC, statistic: 'p90' }],
      threshold: 100,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    });
    const times = (count: number, value: number) => Array.from({ length: count }, () => value);

    expect(
      statesOf(slow, [
        [...times(9, 10), 500],
        [...times(8, 10), 500, 500],
      ]),
    ).toEqual(['OK', 'ALARM']);
  });

  it('reports each change once, with the state before', () => {
    const store = createMetricStore();
    const settings = alarm({ evaluationPeriods: 1, datapointsToAlarm: 1 });
    const alarms = createAlarms([settings], store);
    store.add(METRIC, 1, 0);

    expect(alarms.evaluate(MINUTE_MS)).toEqual([
      { alarm: settings, from: 'INSUFFICIENT_DATA', to: 'ALARM', at: MINUTE_MS },
    ]);
    expect(alarms.evaluate(2 * MINUTE_MS)).toEqual([]);
  });

  it('refuses an unknown statistic with its name', () => {
    const unknown = alarm({ queries: [{ id: 'm', metric: METRIC, statistic: 'TM(10:90)' }] });

    expect(() => createAlarms([unknown], createMetricStore())).toThrow('the statistic "TM(10:90)"');
  });
});

describe('the line that reports a change', () => {
  const settings = alarm({
    description: 'Deliveries are late.\nMore in the runbook.',
    alarmActions: ['arn:aws:sns:us-east-1:000000000000:pages'],
  });

  it('has the first line of the description and the name of the notified topic', () => {
    expect(formatAlarmChange({ alarm: settings, from: 'OK', to: 'ALARM', at: 0 })).toBe(
      'ALARM errors: Deliveries are late. (AWS would notify pages)',
    );
  });

  it('says that an alarm has ended', () => {
    expect(formatAlarmChange({ alarm: settings, from: 'ALARM', to: 'OK', at: 0 })).toBe('OK errors');
  });

  it('does not exist for the first evaluation of an alarm', () => {
    const first = { alarm: settings, from: 'INSUFFICIENT_DATA', to: 'OK', at: 0 } as const;

    expect(formatAlarmChange(first)).toBeUndefined();
  });
});

describe('the metric store', () => {
  it('removes values that are older than three hours', () => {
    const store = createMetricStore();
    for (let minute = 0; minute < 400; minute++) store.add(METRIC, 1, minute * MINUTE_MS);

    expect(store.read(METRIC, 0, 400 * MINUTE_MS)).toEqual(new Map([[1, 180]]));
  });

  it('keeps metrics with other dimensions apart, whatever the order of the dimensions', () => {
    const store = createMetricStore();
    const id = (dimensions: Record<string, string>) => ({ ...METRIC, dimensions });
    store.add(id({ a: '1', b: '2' }), 5, 0);
    store.add(id({ a: '1' }), 7, 0);

    expect(store.read(id({ b: '2', a: '1' }), 0, MINUTE_MS)).toEqual(new Map([[5, 1]]));
  });
});

import { AwsError, type AwsService } from '../aws-calls.ts';
import type { AlarmSettings } from './alarms.ts';
import type { CloudWatch } from './cloudwatch.ts';

/** The part of CloudWatch's API that `doctor` uses: DescribeAlarms, on one page, with `AlarmNames` or without. */
export function createAlarmsService(
  alarms: readonly AlarmSettings[],
  { alarmState }: Pick<CloudWatch, 'alarmState'>,
): AwsService {
  return {
    async call(action, { AlarmNames: names }) {
      if (action !== 'DescribeAlarms') {
        throw new AwsError({
          code: 'UnknownOperationException',
          message: `The local cloud's CloudWatch does not support ${action}; it supports DescribeAlarms.`,
        });
      }
      const selected = alarms.filter(({ name }) => !Array.isArray(names) || names.includes(name));
      return {
        MetricAlarms: selected.map(({ name, description }) => ({
          AlarmName: name,
          AlarmDescription: description,
          StateValue: alarmState(name) ?? 'INSUFFICIENT_DATA',
          StateReason: 'the last evaluation of the local cloud',
        })),
        CompositeAlarms: [],
      };
    },
  };
}

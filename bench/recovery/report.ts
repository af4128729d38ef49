import { sum } from '../../measurement/statistics.ts';
import { formatTable } from '../../measurement/text-table.ts';
import { formatRows, withoutTarget } from '../shared/rows.ts';
import type { RecoveryMeasurement } from './measure.ts';

export function failuresOf({ failures }: RecoveryMeasurement): readonly string[] {
  return failures;
}

export function formatRecovery(measurement: RecoveryMeasurement): string {
  const { deliveries, recoveries, killed, runs, seconds, calls, arrivals, failures } = measurement;
  // The API's function only serves the requests that follow the progress.
  const counted = calls.filter((call) => call.counted && call.caller !== 'api');
  const row = (name: string, value: number | string) => withoutTarget(name, String(value));
  const perDelivery = (total: number): string => (total / deliveries).toFixed(3);
  return [
    formatTable(
      {
        head: ['recovery', 'found', 'enqueued', 'delivered', 'failed'],
        rows: recoveries.map(({ status, found, enqueued, delivered, failed }) => [
          status,
          ...[found, enqueued, delivered, failed].map(String),
        ]),
        words: [0],
      },
      'text',
    ),
    '',
    formatRows([
      row('deliveries', deliveries),
      row('arrived', arrivals.arrived),
      row('lost', arrivals.lost),
      row('arrived more than once', arrivals.repeated),
      row('runs of the function', runs),
      row('of these killed', killed),
      row('seconds', seconds.toFixed(0)),
    ]),
    '',
    'Metered calls per recovered delivery',
    formatTable(
      {
        head: ['caller', 'action', 'calls'],
        rows: [
          ...counted.map(({ caller, action, calls: made }) => [caller, action, perDelivery(made)]),
          ['total', '', perDelivery(sum(counted.map(({ calls: made }) => made)))],
        ],
        words: [0, 1],
      },
      'text',
    ),
    ...failures.map((failure) => `FAILED: ${failure}`),
  ].join('\n');
}

import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { inChunks } from '../../lambdas/shared/runtime/chunks.ts';
import type { Target } from '../shared/target.ts';
import { type Check, type Finding, notChecked, ok, problem } from './check.ts';
import { resourcesOf } from './resources.ts';

/** CloudWatch quota: names of one call. */
const MAX_NAMES = 100;

export const alarms: Check = {
  name: 'alarms',
  needsAws: false,
  async run({ stack, target }) {
    return judge(await readAlarms(stack, target));
  },
};

/** The alarms of a stack, with their states. `stack` is undefined for the local cloud. */
export async function readAlarms(
  stack: string | undefined,
  { kind, clientSettings }: Pick<Target, 'kind' | 'clientSettings'>,
): Promise<MetricAlarm[]> {
  const cloudWatch = new CloudWatchClient(clientSettings);
  try {
    if (kind === 'local') {
      // The local cloud has one stack, and no CloudFormation that lists its resources.
      const all = await cloudWatch.send(new DescribeAlarmsCommand({}));
      return all.MetricAlarms ?? [];
    }
    const names = await resourcesOf(stack ?? '', 'AWS::CloudWatch::Alarm', clientSettings);
    const found: MetricAlarm[] = [];
    for (const AlarmNames of inChunks(names, MAX_NAMES)) {
      const command = new DescribeAlarmsCommand({ AlarmNames: [...AlarmNames], MaxRecords: MAX_NAMES });
      found.push(...((await cloudWatch.send(command)).MetricAlarms ?? []));
    }
    return found;
  } finally {
    cloudWatch.destroy();
  }
}

export function judge(found: readonly MetricAlarm[]): Finding {
  if (found.length === 0) return notChecked('the stack has no alarms');
  const firing = found.filter(({ StateValue }) => StateValue === 'ALARM');
  if (firing.length === 0) return ok(`none of ${found.length} alarms is in the state ALARM`);
  const names = firing.map(({ AlarmName, StateReason }) => `${AlarmName} (${StateReason})`).join('; ');
  return problem(
    `${firing.length} of ${found.length} alarms are in the state ALARM: ${names}`,
    "read each alarm's description, which says what it means and what to do",
  );
}

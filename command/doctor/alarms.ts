import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { inChunks } from '../../lambdas/shared/runtime/chunks.ts';
import type { ClientSettings } from '../shared/client-settings.ts';
import { type Check, type Finding, notChecked, ok, problem } from './check.ts';
import { resourcesOf } from './resources.ts';

/** CloudWatch quota: names of one call. */
const MAX_NAMES = 100;

export const alarms: Check = {
  name: 'alarms',
  needsAws: true,
  async run({ stack = '', target: { clientSettings } }) {
    return judge(await readAlarms(stack, clientSettings));
  },
};

/** The alarms of a stack on AWS, with their states. */
export async function readAlarms(stack: string, clientSettings: ClientSettings): Promise<MetricAlarm[]> {
  const names = await resourcesOf(stack, 'AWS::CloudWatch::Alarm', clientSettings);
  const cloudWatch = new CloudWatchClient(clientSettings);
  try {
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
  const what = firing.map(({ AlarmName, StateReason }) => `${AlarmName} (${StateReason})`).join('; ');
  return problem(
    `${firing.length} of ${found.length} alarms are in the state ALARM: ${what}`,
    "read each alarm's description, which says what it means and what to do",
  );
}

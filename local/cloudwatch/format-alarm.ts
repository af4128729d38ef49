import type { AlarmChange } from './alarms.ts';

/**
 * `ALARM <name>: <first line of the description>` or `OK <name>`, with the names of the topics or actions that AWS would
 * notify. Undefined for a change that begins and ends no alarm, such as the first evaluation.
 */
export function formatAlarmChange({ alarm, from, to }: AlarmChange): string | undefined {
  if (to === 'ALARM') {
    const [meaning = ''] = alarm.description.split('\n');
    return `ALARM ${alarm.name}: ${meaning}${notified(alarm.alarmActions)}`;
  }
  return from === 'ALARM' ? `${to} ${alarm.name}${notified(alarm.okActions)}` : undefined;
}

function notified(actions: readonly string[]): string {
  // `arn:aws:<service>:<region>:<account>:<name>`
  const names = actions.map((arn) => arn.split(':').slice(5).join(':'));
  return names.length === 0 ? '' : ` (AWS would notify ${names.join(', ')})`;
}

import { readRoles } from './read-functions.ts';
import { RESOURCE_TYPES } from './resource-types/index.ts';
import type { Resources } from './resources.ts';
import type { BusScheduleSettings } from './stack.ts';

const RATE = /^rate\((?<count>[1-9]\d*) (?<unit>minute|hour|day)s?\)$/;
const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** The enabled schedules. Throws for a cron expression and for an unknown role. */
export function readBusSchedules(resources: Resources): BusScheduleSettings[] {
  const roles = readRoles(resources);
  return resources
    .all(RESOURCE_TYPES.schedule)
    .filter(({ properties }) => properties.State === 'ENABLED')
    .map(({ logicalId, name, attribute, properties: { ScheduleExpression, Target } }) => {
      const role = roles.get(Target.RoleArn);
      if (role === undefined) throw new Error(`schedule ${logicalId}: its role is not in the template`);
      return {
        arn: attribute('Arn'),
        name,
        everyMs: everyMs(logicalId, ScheduleExpression),
        busArn: Target.Arn,
        source: Target.EventBridgeParameters.Source,
        detailType: Target.EventBridgeParameters.DetailType,
        detail: Target.Input,
        maximumRetryAttempts: Target.RetryPolicy.MaximumRetryAttempts,
        role,
      };
    });
}

function everyMs(logicalId: string, expression: string): number {
  const { count, unit } = RATE.exec(expression)?.groups ?? {};
  if (count === undefined || unit === undefined) {
    throw new Error(
      `schedule ${logicalId}: the local cloud supports rate(<n> minutes), hours and days only; got ${expression}`,
    );
  }
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

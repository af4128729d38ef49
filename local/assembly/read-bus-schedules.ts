import { parseRate } from './rate-expression.ts';
import { readRoles } from './read-functions.ts';
import { RESOURCE_TYPES } from './resource-types/index.ts';
import type { Resources } from './resources.ts';
import type { BusScheduleSettings } from './stack.ts';

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
        logicalId,
        arn: attribute('Arn'),
        name,
        everyMs: parseRate(`schedule ${logicalId}`, ScheduleExpression),
        busArn: Target.Arn,
        source: Target.EventBridgeParameters.Source,
        detailType: Target.EventBridgeParameters.DetailType,
        detail: Target.Input,
        maximumRetryAttempts: Target.RetryPolicy.MaximumRetryAttempts,
        role,
      };
    });
}

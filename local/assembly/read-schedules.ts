import { parseRate } from './rate-expression.ts';
import { RESOURCE_TYPES } from './resource-types/index.ts';
import type { Resources } from './resources.ts';
import type { ScheduleSettings } from './stack.ts';

/** The enabled rules that begin by the clock. Throws for a cron expression. */
export function readSchedules(resources: Resources): ScheduleSettings[] {
  return resources
    .all(RESOURCE_TYPES.rule)
    .filter(({ properties }) => properties.State === 'ENABLED')
    .flatMap(({ logicalId, name, attribute, properties }) => {
      const { ScheduleExpression: expression, EventBusName: busName, Targets } = properties;
      if (expression === undefined) return [];
      const targets = Targets.map(({ Arn, Input }) => ({
        arn: Arn,
        ...(Input === undefined ? {} : { input: Input }),
      }));
      return [
        {
          name,
          arn: attribute('Arn'),
          busName,
          everyMs: parseRate(`rule ${logicalId}`, expression),
          targets,
        },
      ];
    });
}

import { RESOURCE_TYPES } from './resource-types/index.ts';
import type { Resources } from './resources.ts';
import type { ScheduleSettings } from './stack.ts';

const RATE = /^rate\((?<count>\d+) (?<unit>minute|hour|day)s?\)$/;
const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

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
      return [{ name, arn: attribute('Arn'), busName, everyMs: everyMs(logicalId, expression), targets }];
    });
}

function everyMs(logicalId: string, expression: string): number {
  const { count, unit } = RATE.exec(expression)?.groups ?? {};
  if (count === undefined || unit === undefined || Number(count) === 0) {
    throw new Error(
      `rule ${logicalId}: the local cloud supports rate(<n> minutes), hours and days only; got ${expression}`,
    );
  }
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

import * as z from 'zod';
import { arnOf, resourceType } from '../resource-type.ts';

/** The local cloud evaluates no alarms. */
export const alarm = resourceType({
  type: 'AWS::CloudWatch::Alarm',
  nameProperty: 'AlarmName',
  properties: z.looseObject({ AlarmName: z.string().optional() }),
  ref: ({ name }) => name,
  attributes: { Arn: (resource) => arnOf('cloudwatch', resource, `alarm:${resource.name}`) },
});

import * as z from 'zod';
import { arnOf, resourceType } from '../resource-type.ts';

/** The local cloud evaluates no alarms and shows no dashboard. */
export const alarm = resourceType({
  type: 'AWS::CloudWatch::Alarm',
  nameProperty: 'AlarmName',
  properties: z.looseObject({ AlarmName: z.string().optional() }),
  ref: ({ name }) => name,
  attributes: { Arn: (resource) => arnOf('cloudwatch', resource, `alarm:${resource.name}`) },
});

export const dashboard = resourceType({
  type: 'AWS::CloudWatch::Dashboard',
  nameProperty: 'DashboardName',
  properties: z.looseObject({ DashboardName: z.string().optional() }),
  ref: ({ name }) => name,
  attributes: {},
});

export const queryDefinition = resourceType({
  type: 'AWS::Logs::QueryDefinition',
  properties: z.looseObject({}),
  ref: ({ name }) => name,
  attributes: {},
});

import * as z from 'zod';
import { COMPARISONS, MISSING_DATA } from '../../cloudwatch/evaluate-alarm.ts';
import { arnOf, resourceType } from '../resource-type.ts';

const Dimensions = z.array(z.strictObject({ Name: z.string(), Value: z.string() })).default([]);

/** Metrics are kept by minute, so shorter periods have no local meaning. */
const Period = z.number().multipleOf(60, 'the local cloud supports periods of full minutes only');

const Actions = z.array(z.string()).default([]);

export const alarm = resourceType({
  type: 'AWS::CloudWatch::Alarm',
  nameProperty: 'AlarmName',
  maxNameLength: 255,
  properties: z.strictObject({
    AlarmName: z.string().optional(),
    AlarmDescription: z.string().default(''),
    ComparisonOperator: z.enum(COMPARISONS),
    Threshold: z.number(),
    EvaluationPeriods: z.number().min(1),
    DatapointsToAlarm: z.number().min(1).optional(),
    TreatMissingData: z.enum(MISSING_DATA).optional(),
    Namespace: z.string().optional(),
    MetricName: z.string().optional(),
    Dimensions,
    Statistic: z.string().optional(),
    ExtendedStatistic: z.string().optional(),
    Period: Period.optional(),
    Metrics: z
      .array(
        z.strictObject({
          Id: z.string(),
          Expression: z.string().optional(),
          MetricStat: z
            .strictObject({
              Metric: z.strictObject({ Namespace: z.string(), MetricName: z.string(), Dimensions }),
              Period,
              Stat: z.string(),
              Unit: z.unknown().optional(),
            })
            .optional(),
          Period: Period.optional(),
          ReturnData: z.boolean().default(true),
          Label: z.unknown().optional(),
          AccountId: z.unknown().optional(),
        }),
      )
      .optional(),
    // The local cloud reports changes of the state. It performs no actions.
    ActionsEnabled: z.boolean().default(true),
    AlarmActions: Actions,
    OKActions: Actions,
    InsufficientDataActions: Actions,
    Unit: z.unknown().optional(),
    EvaluateLowSampleCountPercentile: z.unknown().optional(),
    Tags: z.unknown().optional(),
  }),
  ref: ({ name }) => name,
  attributes: { Arn: (resource) => arnOf('cloudwatch', resource, `alarm:${resource.name}`) },
});

/** The local cloud shows no dashboard. `npm run draw-dashboard` reads its body. */
export const dashboard = resourceType({
  type: 'AWS::CloudWatch::Dashboard',
  nameProperty: 'DashboardName',
  maxNameLength: 255,
  properties: z.strictObject({ DashboardName: z.string().optional(), DashboardBody: z.string() }),
  ref: ({ name }) => name,
  attributes: {},
});

import * as z from 'zod';
import { arnOf, resourceType } from '../resource-type.ts';

const DEFAULT_GROUP = 'default';
/** Scheduler's default for a target without a retry policy. */
const DEFAULT_RETRY_ATTEMPTS = 185;

export const schedule = resourceType({
  type: 'AWS::Scheduler::Schedule',
  nameProperty: 'Name',
  maxNameLength: 64,
  properties: z.strictObject({
    Name: z.string().optional(),
    Description: z.unknown().optional(),
    GroupName: z.literal(DEFAULT_GROUP).default(DEFAULT_GROUP),
    ScheduleExpression: z.string(),
    FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    Target: z.strictObject({
      Arn: z
        .string()
        .regex(/^arn:[^:]+:events:[^:]*:\d+:event-bus\//, 'the local cloud publishes to event buses only'),
      RoleArn: z.string(),
      EventBridgeParameters: z.strictObject({ Source: z.string(), DetailType: z.string() }),
      Input: z.string(),
      RetryPolicy: z
        .strictObject({
          // The maximum age has no effect: the local cloud waits only a second between retries, so they end earlier.
          MaximumEventAgeInSeconds: z.number().optional(),
          MaximumRetryAttempts: z.number().default(DEFAULT_RETRY_ATTEMPTS),
        })
        .default({ MaximumRetryAttempts: DEFAULT_RETRY_ATTEMPTS }),
    }),
  }),
  ref: ({ name }) => name,
  attributes: {
    Arn: (resource) => arnOf('scheduler', resource, `schedule/${DEFAULT_GROUP}/${resource.name}`),
  },
});

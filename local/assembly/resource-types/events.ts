import * as z from 'zod';
import { arnOf, type NamedResource, resourceType } from '../resource-type.ts';

export const DEFAULT_BUS = 'default';

export const eventBus = resourceType({
  type: 'AWS::Events::EventBus',
  nameProperty: 'Name',
  properties: z.strictObject({
    Name: z.string().optional(),
    Description: z.unknown().optional(),
    // The local bus writes no logs and stores nothing.
    LogConfig: z.unknown().optional(),
    KmsKeyIdentifier: z.unknown().optional(),
    Tags: z.unknown().optional(),
  }),
  ref: ({ name }) => name,
  attributes: {
    Arn: (resource) => arnOf('events', resource, `event-bus/${resource.name}`),
    Name: ({ name }) => name,
  },
});

/** EventBridge's defaults for a target without a retry policy. */
const DEFAULT_EVENT_AGE_SECONDS = 24 * 3600;
const DEFAULT_RETRY_ATTEMPTS = 185;

export const rule = resourceType({
  type: 'AWS::Events::Rule',
  nameProperty: 'Name',
  maxNameLength: 64,
  properties: z.strictObject({
    Name: z.string().optional(),
    Description: z.unknown().optional(),
    EventBusName: z.string().default(DEFAULT_BUS),
    EventPattern: z.record(z.string(), z.unknown()),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    Targets: z.array(
      z.strictObject({
        Id: z.string(),
        Arn: z.string().regex(/^arn:[^:]+:sqs:/, 'the local cloud sends events to SQS queues only'),
        DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
        RetryPolicy: z
          .strictObject({
            MaximumEventAgeInSeconds: z.number().default(DEFAULT_EVENT_AGE_SECONDS),
            MaximumRetryAttempts: z.number().default(DEFAULT_RETRY_ATTEMPTS),
          })
          .default({
            MaximumEventAgeInSeconds: DEFAULT_EVENT_AGE_SECONDS,
            MaximumRetryAttempts: DEFAULT_RETRY_ATTEMPTS,
          }),
      }),
    ),
    Tags: z.unknown().optional(),
  }),
  ref: (resource) =>
    busOf(resource) === DEFAULT_BUS ? resource.name : `${busOf(resource)}|${resource.name}`,
  attributes: {
    Arn: (resource) => {
      const bus = busOf(resource);
      return arnOf('events', resource, `rule/${bus === DEFAULT_BUS ? '' : `${bus}/`}${resource.name}`);
    },
  },
});

function busOf(resource: NamedResource): string {
  return resource.property('EventBusName') ?? DEFAULT_BUS;
}

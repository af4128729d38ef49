import * as z from 'zod';
import { arnOf, resourceType } from '../resource-type.ts';

export const logGroup = resourceType({
  type: 'AWS::Logs::LogGroup',
  nameProperty: 'LogGroupName',
  properties: z.strictObject({
    LogGroupName: z.string().optional(),
    // The newest log lines are kept in memory.
    RetentionInDays: z.unknown().optional(),
    KmsKeyId: z.unknown().optional(),
    LogGroupClass: z.unknown().optional(),
    Tags: z.unknown().optional(),
  }),
  ref: ({ name }) => name,
  attributes: { Arn: (resource) => `${arnOf('logs', resource, `log-group:${resource.name}`)}:*` },
});

/** A saved query has no meaning without Logs Insights. */
export const queryDefinition = resourceType({
  type: 'AWS::Logs::QueryDefinition',
  nameProperty: 'Name',
  properties: z.looseObject({ Name: z.string() }),
  ref: ({ name }) => name,
  attributes: {},
});

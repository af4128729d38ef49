import * as z from 'zod';
import { arnOf, type NamedResource, resourceType } from '../resource-type.ts';

/** Properties of both a single-region table and a global table. */
const shared = {
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(
    z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) })),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  // Expired items are kept.
  TimeToLiveSpecification: z.unknown().optional(),
  SSESpecification: z.unknown().optional(),
  Tags: z.unknown().optional(),
};

const attributes = {
  Arn: (resource: NamedResource) => arnOf('dynamodb', resource, `table/${resource.name}`),
};

export const table = resourceType({
  type: 'AWS::DynamoDB::Table',
  nameProperty: 'TableName',
  maxNameLength: 255,
  properties: z.strictObject({
    ...shared,
    // Backups and deletion protection have no effect on tables in memory.
    DeletionProtectionEnabled: z.unknown().optional(),
    PointInTimeRecoverySpecification: z.unknown().optional(),
  }),
  ref: ({ name }) => name,
  attributes,
});

export const globalTable = resourceType({
  type: 'AWS::DynamoDB::GlobalTable',
  nameProperty: 'TableName',
  maxNameLength: 255,
  properties: z.strictObject({
    ...shared,
    Replicas: z.tuple([
      z.strictObject({
        Region: z.string(),
        DeletionProtectionEnabled: z.unknown().optional(),
        PointInTimeRecoverySpecification: z.unknown().optional(),
        SSESpecification: z.unknown().optional(),
        TableClass: z.unknown().optional(),
        Tags: z.unknown().optional(),
      }),
    ]),
  }),
  ref: ({ name }) => name,
  attributes,
});

import * as z from 'zod';
import { arnOf, resourceType } from '../resource-type.ts';
import { ResourcePolicy } from './policy-document.ts';

export const queue = resourceType({
  type: 'AWS::SQS::Queue',
  nameProperty: 'QueueName',
  maxNameLength: 80,
  properties: z.strictObject({
    QueueName: z.string().optional(),
    DelaySeconds: z.number().default(0),
    VisibilityTimeout: z.number().default(30),
    MessageRetentionPeriod: z.number().default(4 * 24 * 3600),
    MaximumMessageSize: z.number().default(1024 * 1024),
    ReceiveMessageWaitTimeSeconds: z.literal(0).optional(),
    RedrivePolicy: z
      .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() })
      .optional(),
    // The local cloud does not check who may redrive. Encryption and tags have no effect on calls.
    RedriveAllowPolicy: z.unknown().optional(),
    SqsManagedSseEnabled: z.unknown().optional(),
    KmsMasterKeyId: z.unknown().optional(),
    KmsDataKeyReusePeriodSeconds: z.unknown().optional(),
    Tags: z.unknown().optional(),
  }),
  ref: ({ name, deployment }) => `${deployment.endpointUrl}/${deployment.accountId}/${name}`,
  attributes: {
    Arn: (resource) => arnOf('sqs', resource, resource.name),
    QueueName: ({ name }) => name,
    QueueUrl: ({ name, deployment }) => `${deployment.endpointUrl}/${deployment.accountId}/${name}`,
  },
});

export const queuePolicy = resourceType({
  type: 'AWS::SQS::QueuePolicy',
  properties: z.strictObject({ PolicyDocument: ResourcePolicy, Queues: z.array(z.string()) }),
  ref: ({ name }) => name,
  attributes: {},
});

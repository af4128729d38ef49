import * as z from 'zod';
import { arnOf, resourceType } from '../resource-type.ts';

export const lambdaFunction = resourceType({
  type: 'AWS::Lambda::Function',
  nameProperty: 'FunctionName',
  maxNameLength: 64,
  properties: z.strictObject({
    FunctionName: z.string().optional(),
    Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
    Handler: z.string(),
    Role: z.string(),
    Runtime: z.string().regex(/^nodejs/, 'the local cloud runs Node.js functions only'),
    Timeout: z.number().default(3),
    MemorySize: z.number().default(128),
    Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }).optional(),
    ReservedConcurrentExecutions: z.number().optional(),
    LoggingConfig: z
      .strictObject({
        LogGroup: z.string().optional(),
        LogFormat: z.enum(['Text', 'JSON']).optional(),
        ApplicationLogLevel: z.enum(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']).optional(),
        SystemLogLevel: z.enum(['DEBUG', 'INFO', 'WARN']).optional(),
      })
      .optional(),
    // The bundle runs on the host's processor and network, and the local cloud does not detect recursive loops.
    VpcConfig: z.unknown().optional(),
    Architectures: z.unknown().optional(),
    RecursiveLoop: z.literal('Allow').optional(),
    Description: z.unknown().optional(),
    TracingConfig: z.unknown().optional(),
    Tags: z.unknown().optional(),
  }),
  ref: ({ name }) => name,
  attributes: { Arn: (resource) => arnOf('lambda', resource, `function:${resource.name}`) },
});

/** The local cloud runs the newest code only: a version and an alias are the function itself. */
export const functionVersion = resourceType({
  type: 'AWS::Lambda::Version',
  properties: z.strictObject({ FunctionName: z.string(), Description: z.unknown().optional() }),
  ref: ({ deployment, property }) =>
    `arn:aws:lambda:${deployment.region}:${deployment.accountId}:function:${property('FunctionName')}:1`,
  attributes: { Version: () => '1' },
});

export const functionAlias = resourceType({
  type: 'AWS::Lambda::Alias',
  properties: z.strictObject({
    FunctionName: z.string(),
    FunctionVersion: z.string(),
    Name: z.string(),
    Description: z.unknown().optional(),
  }),
  ref: ({ deployment, property }) =>
    `arn:aws:lambda:${deployment.region}:${deployment.accountId}:function:${property('FunctionName')}:${property('Name')}`,
  attributes: {},
});

export const permission = resourceType({
  type: 'AWS::Lambda::Permission',
  properties: z.strictObject({
    Action: z.literal('lambda:InvokeFunction'),
    FunctionName: z.string(),
    Principal: z.string(),
    SourceArn: z.string().optional(),
    SourceAccount: z.string().optional(),
  }),
  ref: ({ name }) => name,
  attributes: {},
});

export const eventSourceMapping = resourceType({
  type: 'AWS::Lambda::EventSourceMapping',
  properties: z.strictObject({
    FunctionName: z.string(),
    EventSourceArn: z.string(),
    Enabled: z.boolean().default(true),
    BatchSize: z.number().default(10),
    MaximumBatchingWindowInSeconds: z.number().default(0),
    FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
    ScalingConfig: z.strictObject({ MaximumConcurrency: z.number().min(2).max(1000) }).optional(),
    ProvisionedPollerConfig: z
      .strictObject({
        MinimumPollers: z.number().min(2).max(200).default(2),
        MaximumPollers: z.number().min(2).max(2_000).default(200),
      })
      .optional(),
    Tags: z.unknown().optional(),
  }),
  ref: ({ name }) => name,
  attributes: { Id: ({ name }) => name },
});

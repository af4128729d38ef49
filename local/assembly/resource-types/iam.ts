import * as z from 'zod';
import { type NamedResource, resourceType } from '../resource-type.ts';
import { IdentityPolicy } from './policy-document.ts';

export const role = resourceType({
  type: 'AWS::IAM::Role',
  nameProperty: 'RoleName',
  maxNameLength: 64,
  properties: z.strictObject({
    RoleName: z.string().optional(),
    AssumeRolePolicyDocument: z.unknown(),
    Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: IdentityPolicy })).default([]),
    ManagedPolicyArns: z.array(z.string()).default([]),
    Description: z.unknown().optional(),
    Tags: z.unknown().optional(),
  }),
  ref: ({ name }) => name,
  attributes: {
    Arn: ({ name, deployment }: NamedResource) => `arn:aws:iam::${deployment.accountId}:role/${name}`,
  },
});

export const policy = resourceType({
  type: 'AWS::IAM::Policy',
  nameProperty: 'PolicyName',
  properties: z.strictObject({
    PolicyName: z.string(),
    PolicyDocument: IdentityPolicy,
    Roles: z.array(z.string()),
  }),
  ref: ({ name }) => name,
  attributes: {},
});

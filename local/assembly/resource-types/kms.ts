import { createHash } from 'node:crypto';
import * as z from 'zod';
import { arnOf, type NamedResource, resourceType } from '../resource-type.ts';

export const key = resourceType({
  type: 'AWS::KMS::Key',
  properties: z.strictObject({
    KeySpec: z.literal('SYMMETRIC_DEFAULT').optional(),
    KeyUsage: z.literal('ENCRYPT_DECRYPT').optional(),
    Enabled: z.literal(true).optional(),
    // The default key policy delegates every decision to IAM. The local cloud checks the callers' IAM policies.
    KeyPolicy: z.unknown().optional(),
    EnableKeyRotation: z.unknown().optional(),
    RotationPeriodInDays: z.unknown().optional(),
    PendingWindowInDays: z.unknown().optional(),
    // The local cloud has one Region.
    MultiRegion: z.unknown().optional(),
    Description: z.unknown().optional(),
    Tags: z.unknown().optional(),
  }),
  ref: keyId,
  attributes: {
    Arn: (resource) => arnOf('kms', resource, `key/${keyId(resource)}`),
    KeyId: keyId,
  },
});

/** A key of its own: the local cloud has no other Region with the primary key. */
export const replicaKey = resourceType({
  type: 'AWS::KMS::ReplicaKey',
  properties: z.looseObject({ PrimaryKeyArn: z.string() }),
  ref: keyId,
  attributes: {
    Arn: (resource) => arnOf('kms', resource, `key/${keyId(resource)}`),
    KeyId: keyId,
  },
});

export const alias = resourceType({
  type: 'AWS::KMS::Alias',
  nameProperty: 'AliasName',
  properties: z.strictObject({ AliasName: z.string(), TargetKeyId: z.string() }),
  ref: ({ name }) => name,
  attributes: {},
});

/** A UUID, as KMS's key ids. It depends only on the name. */
function keyId({ name }: NamedResource): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

import { RemovalPolicy } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { synthesize } from './synthesize.ts';

describe('storage', () => {
  it('retains the webhooks table: with backups, deletion protection, and when the stack is deleted', () => {
    const { template } = synthesize();

    template.hasResource('AWS::DynamoDB::Table', {
      Properties: {
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        BillingMode: 'PAY_PER_REQUEST',
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('lets deliveries expire', () => {
    const { resources } = synthesize();

    const expiring = resources('AWS::DynamoDB::Table').filter((table) => table.TimeToLiveSpecification);
    expect(expiring.map((table) => table.TimeToLiveSpecification)).toEqual([
      { AttributeName: 'expires_at', Enabled: true },
    ]);
  });

  it('has the same key schema for both tables', () => {
    const { resources } = synthesize();

    const schemas = resources('AWS::DynamoDB::Table').map((table) => table.KeySchema);
    const schema = [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ];
    expect(schemas).toEqual([schema, schema]);
  });

  it('retains the key of the secrets as long as the tables', () => {
    const retained = synthesize().template;
    const destroyed = synthesize({ removalPolicy: RemovalPolicy.DESTROY }).template;

    const policies = (template: typeof retained) =>
      ['AWS::KMS::Key', 'AWS::DynamoDB::Table'].flatMap((type) =>
        Object.values(template.findResources(type)).map((resource) => resource.DeletionPolicy),
      );
    expect(policies(retained)).toEqual(['Retain', 'Retain', 'Retain']);
    expect(policies(destroyed)).toEqual(['Delete', 'Delete', 'Delete']);
    retained.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  it('can be deleted when the operator sets the removal policy DESTROY', () => {
    const { resources } = synthesize({ removalPolicy: RemovalPolicy.DESTROY });

    for (const table of resources('AWS::DynamoDB::Table')) {
      expect(table.DeletionProtectionEnabled ?? false).toBe(false);
    }
  });
});

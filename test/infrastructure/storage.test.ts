import { RemovalPolicy } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { synthesize } from './synthesize.ts';

describe('storage', () => {
  it('keeps the webhooks: with backups, protected, and left behind by a deleted stack', () => {
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

  it('keys both tables alike', () => {
    const { resources } = synthesize();

    const schemas = resources('AWS::DynamoDB::Table').map((table) => table.KeySchema);
    const schema = [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ];
    expect(schemas).toEqual([schema, schema]);
  });

  it('keeps the key of the secrets for as long as the tables', () => {
    const kept = synthesize().template;
    const thrownAway = synthesize({ removalPolicy: RemovalPolicy.DESTROY }).template;

    const policies = (template: typeof kept) =>
      ['AWS::KMS::Key', 'AWS::DynamoDB::Table'].flatMap((type) =>
        Object.values(template.findResources(type)).map((resource) => resource.DeletionPolicy),
      );
    expect(policies(kept)).toEqual(['Retain', 'Retain', 'Retain']);
    expect(policies(thrownAway)).toEqual(['Delete', 'Delete', 'Delete']);
    kept.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  it('can be thrown away when the operator says so', () => {
    const { resources } = synthesize({ removalPolicy: RemovalPolicy.DESTROY });

    for (const table of resources('AWS::DynamoDB::Table')) {
      expect(table.DeletionProtectionEnabled ?? false).toBe(false);
    }
  });
});

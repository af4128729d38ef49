import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { WebhookFanout } from '../../lib/webhook-fanout.ts';
import { createApp, type Synthesized, synthesize } from './synthesize.ts';

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

  it.each([
    { name: 'webhooks', other: 'deliveries' },
    { name: 'deliveries', other: 'webhooks' },
  ] as const)(
    'protects the table of $name as the operator says, and the other by default',
    ({ name, other }) => {
      const inverse = {
        pointInTimeRecovery: name === 'deliveries',
        deletionProtection: name === 'deliveries',
      };

      const protection = protectionOf(synthesize({ tableProtection: { [name]: inverse } }));

      expect(protection[name]).toEqual(inverse);
      expect(protection[other]).toEqual(protectionOf(synthesize())[other]);
    },
  );

  it('has both protections for the webhooks table by default, and none for the deliveries table', () => {
    expect(protectionOf(synthesize())).toEqual({
      webhooks: { pointInTimeRecovery: true, deletionProtection: true },
      deliveries: { pointInTimeRecovery: false, deletionProtection: false },
    });
  });

  it('has a key for one Region by default, or one that can have replicas', () => {
    const [byDefault] = synthesize().resources('AWS::KMS::Key');
    const [multiRegion] = synthesize({ multiRegionKey: true }).resources('AWS::KMS::Key');

    expect(byDefault).not.toHaveProperty('MultiRegion');
    expect(multiRegion).toMatchObject({ MultiRegion: true, EnableKeyRotation: true });
  });

  it('uses a replica of the key of another Region, and has no key of its own', () => {
    const { resources, template, functionProperties, resolve, fanout } = synthesize({
      primaryKeyArn: PRIMARY_KEY,
    });

    expect(resources('AWS::KMS::Key')).toEqual([]);
    const [[id = '', replica] = []] = Object.entries(template.findResources('AWS::KMS::ReplicaKey'));
    expect(replica).toMatchObject({
      Properties: { PrimaryKeyArn: PRIMARY_KEY },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    expect(resolve(fanout.secretsKey.keyArn)).toBe(JSON.stringify({ 'Fn::GetAtt': [id, 'Arn'] }));
    expect(JSON.stringify(functionProperties('serve-api').Environment.Variables.KMS_KEY_ID)).toContain(id);
  });

  it.each([
    {
      env: { region: 'us-east-1' },
      message: 'the stack is in region us-east-1; a replica is in another Region',
    },
    { env: { account: '444455556666' }, message: 'the stack is in account 444455556666; a replica is in' },
  ])('refuses a primary key when $message', ({ env, message }) => {
    const stack = new Stack(createApp(), 'Shop', { env });

    expect(() => new WebhookFanout(stack, 'Fanout', { primaryKeyArn: PRIMARY_KEY })).toThrow(message);
  });
});

const PRIMARY_KEY = 'arn:aws:kms:us-east-1:111122223333:key/mrk-1234567890abcdef1234567890abcdef';

/** The deliveries table has expiring items. */
function protectionOf({ resources }: Synthesized) {
  const of = (expires: boolean) => {
    const table = resources('AWS::DynamoDB::Table').find(
      ({ TimeToLiveSpecification }) => (TimeToLiveSpecification !== undefined) === expires,
    );
    return {
      pointInTimeRecovery: table?.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled,
      deletionProtection: table?.DeletionProtectionEnabled,
    };
  };
  return { webhooks: of(false), deliveries: of(true) };
}

import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnReplicaKey, type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type RemovalPolicy, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { InputError, show } from './input.ts';

const DESCRIPTION = "Wraps the data key that seals the webhooks' signing secrets";

/** A multi-Region key's id begins with `mrk-`, in each of its Regions. */
const MULTI_REGION_KEY_ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):key\/mrk-[0-9a-f]{32}$/;

export const PRIMARY_KEY_RULE = 'the ARN of a multi-Region key of this account in another Region';

export interface SecretsKeyProps {
  readonly removalPolicy: RemovalPolicy;
  readonly multiRegion: boolean;
  /** The multi-Region key of which this deployment has a replica. */
  readonly primaryKeyArn?: string;
}

export function isMultiRegionKeyArn(value: unknown): value is string {
  return typeof value === 'string' && MULTI_REGION_KEY_ARN.test(value);
}

/** The KMS key of the secrets, or a replica of another deployment's key. Throws when there can be no such replica. */
export function createSecretsKey(scope: Construct, id: string, props: SecretsKeyProps): IKey {
  const { removalPolicy, multiRegion, primaryKeyArn } = props;
  if (primaryKeyArn === undefined) {
    return new Key(scope, id, {
      description: DESCRIPTION,
      enableKeyRotation: true,
      removalPolicy,
      ...(multiRegion ? { multiRegion } : {}),
    });
  }
  checkPrimaryKey(scope, primaryKeyArn, multiRegion);
  const replica = new CfnReplicaKey(scope, `${id}Replica`, {
    description: DESCRIPTION,
    primaryKeyArn,
    // As in the policy of the primary key: IAM policies of the account control the access.
    keyPolicy: new PolicyDocument({
      statements: [
        new PolicyStatement({
          actions: ['kms:*'],
          principals: [new AccountRootPrincipal()],
          resources: ['*'],
        }),
      ],
    }),
  });
  replica.applyRemovalPolicy(removalPolicy);
  return Key.fromKeyArn(scope, id, replica.attrArn);
}

function checkPrimaryKey(scope: Construct, arn: string, multiRegion: boolean): void {
  const [, keyRegion, keyAccount] = MULTI_REGION_KEY_ARN.exec(arn) ?? [];
  if (keyRegion === undefined) {
    throw new InputError(
      `primaryKeyArn is ${show(arn)}; expected: ${PRIMARY_KEY_RULE}, such as arn:aws:kms:us-east-1:111122223333:key/mrk-1234567890abcdef1234567890abcdef.`,
    );
  }
  if (multiRegion) {
    throw new InputError(
      'multiRegionKey and primaryKeyArn are both given; a replica is a multi-Region key already. Leave multiRegionKey out.',
    );
  }
  const { region, account } = Stack.of(scope);
  if (!Token.isUnresolved(region) && region === keyRegion) {
    throw new InputError(
      `primaryKeyArn is ${arn}, and the stack is in region ${region}; a replica is in another Region than its primary key. Deploy the stack to another Region, or leave primaryKeyArn out.`,
    );
  }
  if (!Token.isUnresolved(account) && account !== keyAccount) {
    throw new InputError(
      `primaryKeyArn is ${arn}, and the stack is in account ${account}; a replica is in the account of its primary key.`,
    );
  }
}

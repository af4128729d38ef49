import { CfnEventBusPolicy, type IEventBusRef } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, AnyPrincipal, type IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { InputError, isRecord, show } from './input.ts';

/** Other accounts that may publish domain events to the deployment's bus. */
export interface Publishers {
  /**
   * Ids of accounts. IAM in each account decides which of its roles may publish.
   *
   * @default - none
   */
  readonly accounts?: string[];
  /**
   * The id of an organization of AWS Organizations: all its accounts may publish.
   *
   * @default - none
   */
  readonly organizationId?: string;
}

const ACCOUNT_ID = /^\d{12}$/;
const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;
/** The policy of a bus has at most 10,240 characters. */
const MAX_ACCOUNTS = 50;

export const ACCOUNTS_RULE = `at most ${MAX_ACCOUNTS} ids of accounts, each of 12 digits`;
export const ORGANIZATION_RULE = 'the id of an organization, such as o-a1b2c3d4e5';

export function isAccountIds(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MAX_ACCOUNTS &&
    value.every((id) => typeof id === 'string' && ACCOUNT_ID.test(id))
  );
}

export function isOrganizationId(value: unknown): value is string {
  return typeof value === 'string' && ORGANIZATION_ID.test(value);
}

/** Throws on publishers that are not allowed, and for a bus of the operator's own, whose policy is the operator's. */
export function readPublishers(given: Publishers, hasOwnBus: boolean): Publishers {
  if (!isRecord(given)) throw new InputError(`publishers is ${show(given)}; expected: an object.`);
  const { accounts, organizationId, ...others } = given;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new InputError(
      `publishers.${unknown} is unknown; expected: accounts and organizationId. Correct the name or leave it out.`,
    );
  }
  if (accounts !== undefined && !isAccountIds(accounts))
    throw new InputError(`publishers.accounts is ${show(accounts)}; expected: a list of ${ACCOUNTS_RULE}.`);
  if (organizationId !== undefined && !isOrganizationId(organizationId)) {
    throw new InputError(
      `publishers.organizationId is ${show(organizationId)}; expected: ${ORGANIZATION_RULE}.`,
    );
  }
  if (!hasOwnBus) {
    throw new InputError(
      'publishers and eventBus are both given; the policy of an existing bus is its own. Allow the publishers there, and leave publishers out.',
    );
  }
  return given;
}

/**
 * Adds the publishers to the bus's policy. They cannot publish system events, as `grantPublish` allows none: only the
 * deployment itself may report on deliveries.
 */
export function allowPublishers(
  scope: Construct,
  bus: IEventBusRef,
  { accounts = [], organizationId }: Publishers,
  ownSources: string | string[],
): void {
  const { eventBusArn, eventBusName } = bus.eventBusRef;
  const allowPublishing = (statementId: string, principals: IPrincipal[], conditions: object): void => {
    const statement = new PolicyStatement({
      sid: statementId,
      actions: ['events:PutEvents'],
      principals,
      resources: [eventBusArn],
      conditions: { StringNotEquals: { 'events:source': ownSources }, ...conditions },
    });
    new CfnEventBusPolicy(scope, statementId, {
      eventBusName,
      statementId,
      statement: statement.toStatementJson(),
    });
  };
  if (accounts.length > 0) {
    allowPublishing(
      'PublishersByAccount',
      accounts.map((id) => new AccountPrincipal(id)),
      {},
    );
  }
  if (organizationId !== undefined) {
    allowPublishing('PublishersByOrganization', [new AnyPrincipal()], {
      StringEquals: { 'aws:PrincipalOrgID': organizationId },
    });
  }
}

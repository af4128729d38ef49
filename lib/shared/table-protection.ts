import { RemovalPolicy } from 'aws-cdk-lib/core';
import { accept, InputError, isRecord, type ParseResult, refuse, show } from './input.ts';

/** How a table is protected against the loss of its items. */
export interface TableProtection {
  /**
   * Whether the table can be restored to any second of the last 35 days. It costs $0.20 a month for each GB.
   *
   * @default - true for the webhooks table, false for the deliveries table
   */
  readonly pointInTimeRecovery?: boolean;
  /**
   * Whether DynamoDB refuses to delete the table until this is turned off.
   *
   * @default - true for the webhooks table unless `removalPolicy` is DESTROY, false for the deliveries table
   */
  readonly deletionProtection?: boolean;
}

export interface TableProtectionOptions {
  /** The table of webhooks, secrets and API keys, which only customers could replace. */
  readonly webhooks?: TableProtection;
  /** The table of events and records of deliveries, whose items expire. */
  readonly deliveries?: TableProtection;
}

const TABLES = ['webhooks', 'deliveries'] as const;
const PROTECTIONS = ['pointInTimeRecovery', 'deletionProtection'] as const;

export const TABLE_PROTECTION_RULE = `${TABLES.join(' and ')}, each with ${PROTECTIONS.join(' and ')}, true or false`;

export function parseTableProtection(given: unknown): ParseResult<TableProtectionOptions> {
  if (!isRecord(given)) return refuse(`it is ${show(given)}`);
  for (const [table, protection] of Object.entries(given)) {
    if (!isOneOf(TABLES, table)) return refuse(`${show(table)} is not one of them`);
    if (protection === undefined) continue;
    if (!isRecord(protection)) return refuse(`${table} is ${show(protection)}`);
    for (const [name, value] of Object.entries(protection)) {
      if (!isOneOf(PROTECTIONS, name)) return refuse(`${table}.${show(name)} is not one of them`);
      if (value !== undefined && typeof value !== 'boolean')
        return refuse(`${table}.${name} is ${show(value)}`);
    }
  }
  return accept(given);
}

/** The given values and the defaults. Throws on a value that is not allowed. */
export function readTableProtection(
  given: TableProtectionOptions,
  removalPolicy: RemovalPolicy,
): Readonly<Record<(typeof TABLES)[number], Required<TableProtection>>> {
  const result = parseTableProtection(given);
  if (!result.ok) {
    throw new InputError(
      `tableProtection: ${result.problem}; allowed are ${TABLE_PROTECTION_RULE}. Leave a name out for its default.`,
    );
  }
  const { webhooks = {}, deliveries = {} } = result.value;
  return {
    webhooks: {
      pointInTimeRecovery: webhooks.pointInTimeRecovery ?? true,
      deletionProtection: webhooks.deletionProtection ?? removalPolicy !== RemovalPolicy.DESTROY,
    },
    deliveries: {
      pointInTimeRecovery: deliveries.pointInTimeRecovery ?? false,
      deletionProtection: deliveries.deletionProtection ?? false,
    },
  };
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return names.some((known) => known === name);
}

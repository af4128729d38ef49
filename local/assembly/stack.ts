import type { TableSettings } from '../dynamodb/service.ts';
import type { KmsKey } from '../kms/service.ts';
import type { QueueSettings } from '../sqs/settings.ts';
import { loadAssembly } from './load.ts';
import { readFunctions } from './read-functions.ts';
import { readHttpApi } from './read-http-api.ts';
import { readKeys, readQueues, readRules, readTables } from './read-services.ts';
import type { Surroundings } from './resource-type.ts';
import type { IdentityPolicy, ResourcePolicy } from './resource-types/policy-document.ts';
import { resolveResources } from './resources.ts';
import { parseTemplate } from './template.ts';

/** All that a template says, in the local cloud's own words and units, every reference resolved. */
export interface Stack {
  readonly name: string;
  readonly queues: readonly QueueSettings[];
  readonly queuePolicies: readonly QueuePolicy[];
  readonly tables: readonly TableSettings[];
  readonly keys: readonly KmsKey[];
  readonly buses: readonly { readonly name: string; readonly arn: string }[];
  readonly rules: readonly RuleSettings[];
  readonly functions: readonly FunctionSettings[];
  readonly mappings: readonly MappingSettings[];
  /** Who, besides the account's own roles, may invoke a function. */
  readonly permissions: readonly InvokePermission[];
  readonly httpApi: HttpApiSettings | undefined;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface QueuePolicy {
  readonly queueUrls: readonly string[];
  readonly document: ResourcePolicy;
}

export interface RuleSettings {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly pattern: Readonly<Record<string, unknown>>;
  readonly targets: readonly RuleTarget[];
}

/** A queue that gets the events of a rule. */
export interface RuleTarget {
  readonly queueArn: string;
  /** The queue that gets an event which the target does not take. */
  readonly deadLetterArn?: string;
  /** Sends after the first. */
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeMs: number;
}

export interface FunctionSettings {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** The directory of its bundle. */
  readonly directory: string;
  /** `<file>.<export>`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly reservedConcurrency?: number;
  readonly logGroupName: string;
  /** Absent for a function that logs in text. */
  readonly jsonLogging?: {
    /** Whether each invocation has its lines START, END and REPORT. */
    readonly logsInvocations: boolean;
    /** The lowest level of the function's own lines. */
    readonly applicationLevel: string;
  };
  readonly role: { readonly name: string; readonly policies: readonly IdentityPolicy[] };
}

export interface MappingSettings {
  readonly logicalId: string;
  readonly functionArn: string;
  readonly queueArn: string;
  readonly batchSize: number;
  /** How long a batch that is not full waits for more messages. */
  readonly windowMs: number;
  readonly reportsBatchItemFailures: boolean;
  readonly maximumConcurrency?: number;
}

export interface InvokePermission {
  readonly functionArn: string;
  /** A service, such as `events.amazonaws.com`. */
  readonly principal: string;
  /** With `*` and `?` as wildcards; absent: any source. */
  readonly sourceArn?: string;
}

export interface HttpApiSettings {
  readonly id: string;
  readonly stageName: string;
  readonly routes: readonly RouteSettings[];
  readonly accessLog?: { readonly logGroupName: string; readonly format: string };
}

export interface RouteSettings {
  /** `<METHOD> <path>` or `$default`. */
  readonly key: string;
  readonly functionArn: string;
  readonly timeoutMs: number;
  /** Requests a second on average, and at once; absent: unlimited here. */
  readonly throttle?: { readonly ratePerSecond: number; readonly burst: number };
}

/** Reads a synthesized stack; throws, naming it, on anything that would have to be left out. */
export async function loadStack(
  directory: string,
  surroundings: Omit<Surroundings, 'stackName'>,
): Promise<Stack> {
  const assembly = await loadAssembly(directory);
  const { stackName } = assembly;
  const resources = resolveResources(parseTemplate(assembly.template), { ...surroundings, stackName });
  return {
    name: stackName,
    ...readQueues(resources),
    tables: readTables(resources),
    keys: readKeys(resources),
    ...readRules(resources),
    ...readFunctions(resources, assembly),
    httpApi: readHttpApi(resources),
    outputs: resources.outputs,
  };
}

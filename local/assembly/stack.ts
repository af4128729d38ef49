import type { AlarmSettings } from '../cloudwatch/alarms.ts';
import type { TableSettings } from '../dynamodb/store.ts';
import type { KmsKey } from '../kms/service.ts';
import type { QueueSettings } from '../sqs/settings.ts';
import type { IdentityPolicy, ResourcePolicy } from './resource-types/policy-document.ts';

/** The content of a template in the local cloud's own types and units, with every reference resolved. */
export interface Stack {
  readonly name: string;
  readonly queues: readonly QueueSettings[];
  readonly queuePolicies: readonly QueuePolicy[];
  readonly tables: readonly TableSettings[];
  readonly keys: readonly KmsKey[];
  readonly buses: readonly { readonly name: string; readonly arn: string }[];
  readonly rules: readonly RuleSettings[];
  readonly busSchedules: readonly BusScheduleSettings[];
  readonly functions: readonly FunctionSettings[];
  readonly mappings: readonly MappingSettings[];
  /** Services that may invoke a function. */
  readonly permissions: readonly InvokePermission[];
  readonly httpApi: HttpApiSettings | undefined;
  readonly alarms: readonly AlarmSettings[];
  readonly dashboards: readonly DashboardSettings[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** A CloudWatch dashboard. */
export interface DashboardSettings {
  readonly name: string;
  /** JSON, with every reference resolved. */
  readonly body: string;
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

/** A queue that receives the events of a rule. */
export interface RuleTarget {
  readonly queueArn: string;
  /** Receives the events that could not be sent to the target. */
  readonly deadLetterArn?: string;
  /** Not counting the first attempt. */
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeMs: number;
}

/** A schedule of EventBridge Scheduler that publishes an event. */
export interface BusScheduleSettings {
  readonly logicalId: string;
  readonly arn: string;
  readonly name: string;
  readonly everyMs: number;
  readonly busArn: string;
  readonly source: string;
  readonly detailType: string;
  /** JSON. */
  readonly detail: string;
  readonly maximumRetryAttempts: number;
  readonly role: { readonly name: string; readonly policies: readonly IdentityPolicy[] };
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
  /** How long an incomplete batch waits for more messages. */
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
  /** Average rate, and the number of requests at once; absent: not limited. */
  readonly throttle?: { readonly ratePerSecond: number; readonly burst: number };
}

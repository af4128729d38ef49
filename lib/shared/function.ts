import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type FunctionOptions,
  Function as LambdaFn,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { bundleOf, type Step } from './bundle.ts';
import { allowLogging } from './permissions.ts';
import { FUNCTION_TIMEOUT } from './timing.ts';

const METRICS_NAMESPACE = 'WebhookFanout';

/** Enough for ten open sockets and the SDK. More memory means more CPU, which waiting does not use. */
const DEFAULT_MEMORY_MB = 256;

/**
 * JSON makes the levels possible. WARN leaves out the START, END and REPORT lines of every invocation. INFO is the
 * highest level at which metrics arrive: an EMF line has no level, and Lambda treats it as INFO.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
const LOGGING = {
  loggingFormat: LoggingFormat.JSON,
  systemLogLevelV2: SystemLogLevel.WARN,
  applicationLogLevelV2: ApplicationLogLevel.INFO,
};

/** What all functions of one WebhookFanout have in common. */
export interface FunctionHouse {
  /** Absolute path of the catalogue that is bundled with the code. */
  readonly catalogueFile: string;
  readonly logRetention: RetentionDays;
}

export interface FunctionSettings
  extends FunctionHouse,
    Omit<FunctionOptions, 'role' | 'logGroup' | 'logRetention'> {
  /** The folder in `lambdas/`. The three lanes share one. */
  readonly step: Step;
  readonly description: string;
  /** All its permissions, except for writing its own log. */
  readonly permissions: readonly PolicyStatement[];
}

/**
 * A function with the common defaults, its log group and its role, as `Function`, `Logs` and `Role` of `scope`.
 * CDK cannot add permissions to the role: its grants are ignored.
 */
export function createFunction(scope: Construct, settings: FunctionSettings): LambdaFn {
  const { step, permissions, catalogueFile, logRetention, environment, ...options } = settings;
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      Work: new PolicyDocument({ statements: [...permissions, allowLogging(logGroup)], minimize: false }),
    },
  });
  const created = new LambdaFn(scope, 'Function', {
    code: bundleOf(step, catalogueFile),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: DEFAULT_MEMORY_MB,
    timeout: FUNCTION_TIMEOUT,
    logGroup,
    ...LOGGING,
    ...options,
    role: role.withoutPolicyUpdates(),
    environment: {
      POWERTOOLS_SERVICE_NAME: step,
      POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      ...environment,
    },
  });
  Validations.of(created).acknowledge({
    id: 'Serverless-LambdaTracing',
    reason: 'Metrics and the delivery log contain what a trace would, at no cost per delivery.',
  });
  return created;
}

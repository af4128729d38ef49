import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type FunctionOptions,
  Function as LambdaFn,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { alarmOnFunction } from './function-alarms.ts';
import { codeOf, type Step } from './function-code.ts';
import { METRICS_NAMESPACE, type Monitoring, type Severity } from './monitoring.ts';
import { allowLogging, allowTracing } from './permissions.ts';
import type { Releases } from './releases.ts';
import { FUNCTION_TIMEOUT } from './timing.ts';

/** Enough for ten open sockets and the SDK. More memory would add CPU, which a waiting function does not use. */
const DEFAULT_MEMORY_MB = 256;

/**
 * Log levels require the format JSON. With the system level WARN, Lambda does not write the START, END and REPORT lines
 * of every invocation. INFO is the highest application level that keeps metrics: Lambda treats an EMF line as INFO.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
const LOGGING = {
  loggingFormat: LoggingFormat.JSON,
  systemLogLevelV2: SystemLogLevel.WARN,
  applicationLogLevelV2: ApplicationLogLevel.INFO,
};

/** The props that all functions of one WebhookFanout share. */
export interface CommonFunctionProps {
  /** The absolute path of the catalogue that is beside the code. */
  readonly catalogueFile: string;
  readonly logRetention: RetentionDays;
  /** Whether AWS X-Ray traces the function. */
  readonly xrayTracing: boolean;
  /** The deployment's metrics and alarms. */
  readonly monitoring: Monitoring;
  readonly releases: Releases;
}

export interface FunctionSettings
  extends CommonFunctionProps,
    Omit<FunctionOptions, 'role' | 'logGroup' | 'logRetention' | 'tracing'> {
  /** The folder in `lambdas/`. The three lanes share one folder. */
  readonly step: Step;
  /** Whether the function validates events by the catalogue's schemas. Default: false. */
  readonly hasValidators?: boolean;
  readonly description: string;
  /** The function's name in the names of its alarms. Default: the step. */
  readonly name?: string;
  /** The severity of the alarm on crashes. Default: ticket. */
  readonly severityOfErrors?: Severity;
  /** All permissions of the function, except for writing its log. */
  readonly permissions: readonly PolicyStatement[];
}

/**
 * Creates a function with the common defaults, its log group and its role, with the ids `Function`, `Logs` and `Role`.
 * CDK's grants have no effect on the role: `permissions` is the complete list.
 */
export function createFunction(scope: Construct, settings: FunctionSettings): LambdaFn {
  const {
    step,
    hasValidators = false,
    permissions,
    catalogueFile,
    logRetention,
    xrayTracing,
    monitoring,
    releases,
    environment,
    name = step,
    severityOfErrors = 'ticket',
    timeout = FUNCTION_TIMEOUT,
    ...options
  } = settings;
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      Work: new PolicyDocument({
        // CDK cannot add the permission to trace. Without it, no trace is recorded and no error is reported.
        statements: [...permissions, allowLogging(logGroup), ...(xrayTracing ? [allowTracing()] : [])],
        minimize: false,
      }),
    },
  });
  const created = new LambdaFn(scope, 'Function', {
    code: codeOf(scope, { step, catalogueFile, hasValidators }),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: DEFAULT_MEMORY_MB,
    timeout,
    logGroup,
    ...LOGGING,
    ...options,
    ...(xrayTracing ? { tracing: Tracing.ACTIVE } : {}),
    role: role.withoutPolicyUpdates(),
    environment: {
      POWERTOOLS_SERVICE_NAME: step,
      POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      DEPLOYMENT: monitoring.deployment,
      ...environment,
    },
  });
  if (xrayTracing) {
    const reason = 'X-Ray has no resource that a segment could be sent to: its actions accept only "*".';
    Validations.of(role).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason },
      { id: 'Serverless-LambdaStarPermissions', reason },
    );
  } else {
    Validations.of(created).acknowledge({
      id: 'Serverless-LambdaTracing',
      reason: 'Metrics and the delivery log contain what a trace would, at no cost per delivery.',
    });
  }
  alarmOnFunction(scope, monitoring, created, { name, timeout, severityOfErrors });
  releases.add(scope, created, name);
  return created;
}

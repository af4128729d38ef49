import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type FunctionOptions, Function as LambdaFn, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { bundleOf, type Step } from './bundle.ts';
import { allowLogging } from './permissions.ts';
import { FUNCTION_TIMEOUT } from './timing.ts';

const METRICS_NAMESPACE = 'WebhookFanout';

/** Enough for ten open sockets and the SDK; more memory would buy CPU that waiting does not need. */
const DEFAULT_MEMORY_MB = 256;

/** What all functions of one WebhookFanout have in common. */
export interface FunctionHouse {
  /** Absolute path of the catalogue that is bundled with the code. */
  readonly catalogueFile: string;
  readonly logRetention: RetentionDays;
}

export interface FunctionSettings
  extends FunctionHouse,
    Omit<FunctionOptions, 'role' | 'logGroup' | 'logRetention'> {
  /** The folder in `lambdas/`; three lanes share one. */
  readonly step: Step;
  readonly description: string;
  /** Everything that it may do, besides writing its own log. */
  readonly permissions: readonly PolicyStatement[];
}

/**
 * A function with the house's defaults, its log group and its role, as `Function`, `Logs` and `Role` of
 * `scope`. The role cannot be widened: grants that CDK would add on the way are ignored.
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
    reason: 'Metrics and the delivery log answer what a trace would, at no cost per delivery.',
  });
  return created;
}

import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction, Function as LambdaFn } from 'aws-cdk-lib/aws-lambda';
import { Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { KEY_PATTERNS } from '../../lambdas/shared/store/keys.ts';
import { type CommonFunctionProps, createFunction } from '../shared/function.ts';
import { allow, onPartitions } from '../shared/permissions.ts';
import type { Storage } from '../shared/storage.ts';
import { API_FUNCTION_TIMEOUT } from '../shared/timing.ts';

export interface CreatePortalLinkProps extends CommonFunctionProps {
  readonly storage: Storage;
  /** The console's entry: `https://…/console/webhooks`. */
  readonly consoleUrl: string;
}

/** The portal function: the operator's backend invokes it, with its own AWS credentials, for a link to the console. */
export class CreatePortalLink extends Construct {
  readonly fn: LambdaFn;
  /** With gradual deployments, its alias: new code of this function replaces the old one gradually, too. */
  readonly portal: IFunction;

  constructor(scope: Construct, id: string, props: CreatePortalLinkProps) {
    super(scope, id);
    const { storage, consoleUrl, catalogueFile, logRetention, monitoring, xrayTracing, releases } = props;
    const { deliveries } = storage;
    this.fn = createFunction(this, {
      step: 'create-portal-link',
      description: 'Makes links that sign customers in to the console',
      catalogueFile,
      logRetention,
      ...{ monitoring, xrayTracing, releases },
      timeout: API_FUNCTION_TIMEOUT,
      environment: {
        DELIVERIES_TABLE: deliveries.tableName,
        CONSOLE_URL: consoleUrl,
      },
      permissions: [
        allow(
          ['dynamodb:PutItem'],
          [deliveries.tableArn],
          onPartitions(KEY_PATTERNS.session, KEY_PATTERNS.audit),
        ),
        allow(['dynamodb:UpdateItem'], [deliveries.tableArn], onPartitions(KEY_PATTERNS.audit)),
      ],
    });
    Validations.of(this.fn).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'It is invoked synchronously: the caller receives the error.',
    });
    this.portal = releases.targetOf(this.fn);
  }

  grantInvoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [this.portal.functionArn],
    });
  }
}

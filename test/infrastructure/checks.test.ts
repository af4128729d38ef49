import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpApi, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, EventSourceMapping, Function as LambdaFn, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { type Acknowledgment, type App, type PolicyViolation, Stack, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { Construct } from 'constructs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebhookFanout, type WebhookFanoutProps } from '../../lib/webhook-fanout.ts';
import { WebhookFanoutStack } from '../../lib/webhook-fanout-stack.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { createApp } from './synthesize.ts';

function violationsIn(app: App): PolicyViolation[] {
  return [new AwsSolutionsChecks(app), new ServerlessChecks(app)].flatMap(
    (pack) => pack.validateScope(app).violations,
  );
}

function findingsIn(app: App): string[] {
  return violationsIn(app).map(({ ruleName }) => ruleName);
}

/** Resources with a finding of each rule that the construct acknowledges for some of its own. */
function addUnsafeResources(scope: Construct): void {
  new Table(scope, 'Table', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
  const queue = new Queue(scope, 'Queue');
  const target = new LambdaFn(scope, 'Function', {
    code: Code.fromInline('exports.handler = () => undefined;'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
  });
  new EventSourceMapping(scope, 'Mapping', { target, eventSourceArn: queue.queueArn });
  new HttpRoute(scope, 'Route', {
    httpApi: new HttpApi(scope, 'Api'),
    routeKey: HttpRouteKey.DEFAULT,
    integration: new HttpLambdaIntegration('Integration', target),
  });
}

function createFanoutApp(props: WebhookFanoutProps = {}): App {
  const app = createApp();
  new WebhookFanoutStack(app, 'WebhookFanout', { fanout: () => props });
  return app;
}

const ACKNOWLEDGED = [
  'AwsSolutions-APIG4',
  'AwsSolutions-DDB3',
  'AwsSolutions-SQS3',
  'Serverless-LambdaDLQ',
  'Serverless-LambdaEventSourceMappingDestination',
  'Serverless-LambdaTracing',
  'Serverless-SQSRedrivePolicy',
];

const DOMAIN = {
  name: 'hooks.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1234',
};

describe('the rule packs', () => {
  afterEach(() => vi.restoreAllMocks());

  it('have no finding that is not acknowledged', () => {
    expect(findingsIn(createFanoutApp())).toEqual([]);
  });

  // Many props at once, since the rule packs are slow. The second stack has the alternatives to those of the first.
  it.each([
    [
      'a network, gradual deployment and a canary',
      {
        portal: true,
        canary: true,
        gradualDeployment: true,
        firstLanePollers: { minimum: 2, maximum: 100 },
        senderNetwork: {},
        apiDomain: DOMAIN,
        publishers: { organizationId: 'o-a1b2c3d4e5' },
        tableProtection: {
          webhooks: { pointInTimeRecovery: false },
          deliveries: { pointInTimeRecovery: true },
        },
        multiRegionKey: true,
      },
    ],
    [
      'CloudFront, X-Ray and no console',
      {
        console: false,
        canary: true,
        dashboard: false,
        apiDomain: DOMAIN,
        apiWebAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/hooks/1234',
        primaryKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/mrk-1234567890abcdef1234567890abcdef',
        // Its permission has no resource.
        xrayTracing: true,
      },
    ],
  ] satisfies [string, WebhookFanoutProps][])('have none with %s', (_, props) => {
    expect(findingsIn(createFanoutApp(props))).toEqual([]);
  });

  it('have exactly the acknowledged findings without the acknowledgments, each of which has a reason', () => {
    const acknowledged: Acknowledgment[] = [];
    vi.spyOn(Validations.prototype, 'acknowledge').mockImplementation((...rules) => {
      acknowledged.push(...rules);
    });

    const findings = findingsIn(createFanoutApp());

    expect(new Set(findings)).toEqual(new Set(acknowledged.map(({ id }) => id)));
    expect(new Set(findings)).toEqual(new Set(ACKNOWLEDGED));
    for (const { reason } of acknowledged) expect(reason.split(' ').length).toBeGreaterThan(8);
  });

  it('have every finding about resources of the user, in the same stack and in the same construct', () => {
    const app = createApp();
    const stack = new Stack(app, 'Shop');
    const fanout = new WebhookFanout(stack, 'Fanout');
    for (const scope of [stack, fanout]) addUnsafeResources(new Construct(scope, 'Own'));

    const found = (path: string) =>
      violationsIn(app).flatMap(({ ruleName, violatingResources }) =>
        violatingResources.some(({ constructPath }) => constructPath?.startsWith(path)) ? [ruleName] : [],
      );
    expect(found('Shop/Own/')).toEqual(expect.arrayContaining(ACKNOWLEDGED));
    expect(found('Shop/Fanout/Own/')).toEqual(expect.arrayContaining(ACKNOWLEDGED));
  });

  it('run in the app itself, whose report has no finding', () => {
    const outdir = temporaryDirectory();

    execFileSync(process.execPath, ['bin/app.ts'], {
      env: {
        CDK_OUTDIR: outdir,
        CDK_CONTEXT_JSON: '{"aws:cdk:bundling-stacks":[]}',
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        TMPDIR: process.env.TMPDIR,
      },
    });
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));

    expect(report.pluginReports).toEqual([]);
  });
});

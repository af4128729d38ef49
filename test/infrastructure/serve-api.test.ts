import { Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../lambdas/serve-api/routes.ts';
import { WebhookFanout } from '../../lib/webhook-fanout.ts';
import { createApp, onPartitions, synthesize } from './synthesize.ts';

describe('serve-api', () => {
  it('may do exactly what its calls take, and never make an API key [API-20]', () => {
    const { permissions } = synthesize();

    expect(permissions('serve-api')).toEqual([
      {
        actions: ['dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
        on: ['webhooks'],
        when: onPartitions('ACCOUNT#*'),
      },
      {
        actions: ['dynamodb:GetItem'],
        on: ['webhooks'],
        when: onPartitions('ACCOUNT#*', 'KEY#*', 'KEYRING'),
      },
      { actions: ['dynamodb:PutItem'], on: ['webhooks'], when: onPartitions('ACCOUNT#*', 'KEYRING') },
      { actions: ['dynamodb:PutItem'], on: ['deliveries'], when: onPartitions('EVENT#*') },
      { actions: ['dynamodb:GetItem'], on: ['deliveries'], when: onPartitions('EVENT#*', 'WEBHOOK#*') },
      {
        actions: ['dynamodb:Query', 'dynamodb:BatchGetItem'],
        on: ['deliveries'],
        when: onPartitions('WEBHOOK#*'),
      },
      { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], on: ['key'] },
      { actions: ['sqs:SendMessage'], on: ['first', 'slow'] },
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: ['logs'] },
    ]);
  });

  it('gets every route of its table, and whatever else is asked for', () => {
    const { resources } = synthesize();

    const keys = resources('AWS::ApiGatewayV2::Route').map((route) => route.RouteKey);
    expect(keys.toSorted()).toEqual(
      [...ROUTES.map(({ method, path }) => `${method} ${path}`), '$default'].toSorted(),
    );
  });

  it('reads requests in payload format 2.0, from this API alone', () => {
    const { resources, template } = synthesize();

    const [integration] = resources('AWS::ApiGatewayV2::Integration');
    expect(integration).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
    const [api] = Object.keys(template.findResources('AWS::ApiGatewayV2::Api'));
    const permissions = resources('AWS::Lambda::Permission').filter(
      ({ Principal }) => Principal === 'apigateway.amazonaws.com',
    );
    // One that all routes share, and one for `$default`, whose source ARN has a segment less.
    expect(permissions).toHaveLength(2);
    for (const { SourceArn } of permissions) {
      expect(JSON.stringify(SourceArn)).toContain(JSON.stringify({ Ref: api }));
    }
  });

  it('is throttled, and logs every request as JSON without its headers', () => {
    const { resources } = synthesize({ throttling: { requestsPerSecond: 7, burst: 9 } });

    const [stage] = resources('AWS::ApiGatewayV2::Stage');
    expect(stage).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 },
    });
    const fields = Object.values(JSON.parse(stage?.AccessLogSettings.Format));
    expect(fields).toContain('$context.status');
    expect(fields.filter((field) => !String(field).startsWith('$context.'))).toEqual([]);
    expect(fields.filter((field) => /header|authorizer/i.test(String(field)))).toEqual([]);
  });

  it('logs to a group whose name needs no entry in a policy, and is different for every deployment', () => {
    const shop = new Stack(createApp(), 'Shop');
    new WebhookFanout(shop, 'Orders');
    new WebhookFanout(shop, 'Invoices');
    const groups = Object.values(Template.fromStack(shop).findResources('AWS::Logs::LogGroup'));
    const names = groups.flatMap(({ Properties }) => Properties.LogGroupName ?? []);

    expect(names).toHaveLength(2);
    for (const name of names) {
      // The stack's name when it is deployed: an account and region have it once.
      expect(name['Fn::Join']).toEqual([
        '',
        ['/aws/vendedlogs/apis/', { Ref: 'AWS::StackName' }, expect.stringMatching(/^\/[\w-]{1,128}$/)],
      ]);
    }
    expect(new Set(names.map((name) => JSON.stringify(name))).size).toBe(2);
  });

  it('asks for no more throttling than the gateway has in its smallest regions', () => {
    const { resources } = synthesize();

    const { ThrottlingRateLimit, ThrottlingBurstLimit } =
      resources('AWS::ApiGatewayV2::Stage')[0]?.DefaultRouteSettings ?? {};
    expect(ThrottlingRateLimit).toBeLessThanOrEqual(2_500);
    expect(ThrottlingBurstLimit).toBeLessThanOrEqual(1_250);
  });

  it('is listed under the name of its stack', () => {
    const { resources } = synthesize();

    expect(resources('AWS::ApiGatewayV2::Api')[0]?.Name).toMatch(/^ShopFanoutServeApi/);
  });

  it('answers before the gateway gives up on it', () => {
    const { functionProperties } = synthesize();

    expect(functionProperties('serve-api').Timeout).toBeLessThan(30);
  });
});

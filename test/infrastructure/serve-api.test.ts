import { Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { limitsIn } from '../../command/doctor/api-requests.ts';
import { ROUTES } from '../../lambdas/serve-api/routes.ts';
import { IDEMPOTENCY_LOCK_MS } from '../../lambdas/shared/store/idempotency.ts';
import { WebhookFanout } from '../../lib/webhook-fanout.ts';
import { createApp, onPartitions, synthesize } from './synthesize.ts';

describe('serve-api', () => {
  it('has exactly the permissions that its calls need, and cannot create an API key [API-20]', () => {
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
      {
        actions: ['dynamodb:PutItem'],
        on: ['deliveries'],
        when: onPartitions('EVENT#*', 'RECOVERY#*', 'AUDIT#*', 'SESSION#*'),
      },
      {
        actions: ['dynamodb:GetItem'],
        on: ['deliveries'],
        when: onPartitions('EVENT#*', 'RECOVERY#*', 'WEBHOOK#*', 'SESSION#*'),
      },
      {
        actions: ['dynamodb:Query', 'dynamodb:BatchGetItem'],
        on: ['deliveries'],
        when: onPartitions('WEBHOOK#*'),
      },
      { actions: ['dynamodb:Query'], on: ['deliveries'], when: onPartitions('RECOVERY#*') },
      {
        actions: ['dynamodb:UpdateItem'],
        on: ['deliveries'],
        when: onPartitions('RECOVERY#*', 'WEBHOOK#*', 'AUDIT#*', 'SESSION#*'),
      },
      {
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        on: ['deliveries'],
        when: onPartitions('IDEMPOTENCY#*'),
      },
      {
        actions: ['dynamodb:Query', 'dynamodb:BatchWriteItem'],
        on: ['deliveries'],
        when: onPartitions('LISTENER#*'),
      },
      { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], on: ['key'] },
      { actions: ['sqs:SendMessage'], on: ['first', 'slow', 'recoveries'] },
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: ['logs'] },
    ]);
  });

  it('receives every route of its table, and requests for all other paths and methods', () => {
    const { resources } = synthesize();

    const keys = resources('AWS::ApiGatewayV2::Route')
      .map((route) => route.RouteKey)
      .filter((key) => !key.includes('/console'));
    expect(keys.toSorted()).toEqual(
      [...ROUTES.map(({ method, path }) => `${method} ${path}`), '$default'].toSorted(),
    );
  });

  it('receives requests in payload format 2.0, only from this API', () => {
    const { resources, template } = synthesize({ console: false });

    const [integration] = resources('AWS::ApiGatewayV2::Integration');
    expect(integration).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
    const [api] = Object.keys(template.findResources('AWS::ApiGatewayV2::Api'));
    const permissions = resources('AWS::Lambda::Permission').filter(
      ({ Principal }) => Principal === 'apigateway.amazonaws.com',
    );
    // One permission that all routes share, and one for `$default`, whose source ARN has one segment less.
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

  it('logs to a log group whose name requires no resource policy, and is different for every deployment', () => {
    const shop = new Stack(createApp(), 'Shop');
    new WebhookFanout(shop, 'Orders');
    new WebhookFanout(shop, 'Invoices');
    const groups = Object.values(Template.fromStack(shop).findResources('AWS::Logs::LogGroup'));
    const names = groups.flatMap(({ Properties }) => Properties.LogGroupName ?? []);

    expect(names).toHaveLength(2);
    for (const name of names) {
      // The name of a deployed stack is unique in an account and region.
      expect(name['Fn::Join']).toEqual([
        '',
        ['/aws/vendedlogs/apis/', { Ref: 'AWS::StackName' }, expect.stringMatching(/^\/[\w-]{1,128}$/)],
      ]);
    }
    expect(new Set(names.map((name) => JSON.stringify(name))).size).toBe(2);
  });

  it('has throttling limits below the quota of API Gateway in its smallest regions', () => {
    const { resources } = synthesize();

    const { ThrottlingRateLimit, ThrottlingBurstLimit } =
      resources('AWS::ApiGatewayV2::Stage')[0]?.DefaultRouteSettings ?? {};
    expect(ThrottlingRateLimit).toBeLessThanOrEqual(2_500);
    expect(ThrottlingBurstLimit).toBeLessThanOrEqual(1_250);
  });

  it('has throttling limits that the check of doctor finds in the template', () => {
    const { template } = synthesize({ throttling: { requestsPerSecond: 7, burst: 9 } });

    expect(limitsIn(template.toJSON())).toEqual([{ perSecond: 7, burst: 9 }]);
  });

  it('has an API name that begins with the name of its stack', () => {
    const { resources } = synthesize();

    expect(resources('AWS::ApiGatewayV2::Api')[0]?.Name).toMatch(/^ShopFanoutServeApi/);
  });

  it('allows the origins that the prop names, without a CORS configuration of the gateway', () => {
    const corsOrigins = ['https://console.example.com', 'https://app.example.com:8443'];
    const { functionProperties, resources } = synthesize({ corsOrigins });

    expect(functionProperties('serve-api').Environment.Variables.CORS_ORIGINS).toBe(
      JSON.stringify(corsOrigins),
    );
    expect(resources('AWS::ApiGatewayV2::Api')[0]).not.toHaveProperty('CorsConfiguration');
  });

  it('allows no origin by default', () => {
    const { functionProperties } = synthesize();

    expect(functionProperties('serve-api').Environment.Variables.CORS_ORIGINS).toBe('[]');
  });

  it.each([
    ['*'],
    ['https://*.example.com'],
    ['https://console.example.com/'],
    ['https://console.example.com/path'],
    ['https://Console.example.com'],
    ['https://console.example.com:443'],
    ['https://user@console.example.com'],
    ['http://console.example.com'],
    ['console.example.com'],
    ['null'],
    [''],
    [7],
  ])('refuses the origin %j at synth [API-23]', (origin) => {
    expect(() => synthesize({ corsOrigins: [origin as string] })).toThrow(
      /corsOrigins is .*expected: a list/,
    );
  });

  it('refuses more origins than fit into the environment of a function', () => {
    const corsOrigins = Array.from({ length: 21 }, (_, n) => `https://console-${n}.example.com`);

    expect(() => synthesize({ corsOrigins })).toThrow(/at most 20 origins/);
  });

  it('allows a page on the developer’s computer only in development [API-23]', () => {
    const corsOrigins = ['http://localhost:5173', 'http://127.0.0.1:8080'];

    expect(() => synthesize({ corsOrigins })).toThrow(/for development only/);
    expect(() => synthesize({ corsOrigins, allowPrivateEndpoints: true })).not.toThrow();
  });

  it('ends before a repeated request with its Idempotency-Key takes over', () => {
    const { functionProperties } = synthesize();

    expect(functionProperties('serve-api').Timeout * 1_000).toBeLessThan(IDEMPOTENCY_LOCK_MS);
  });

  it('has a timeout below that of API Gateway', () => {
    const { functionProperties } = synthesize();

    expect(functionProperties('serve-api').Timeout).toBeLessThan(30);
  });
});

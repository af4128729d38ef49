import { Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { WebhookFanout } from '../../lib/webhook-fanout.ts';
import { createApp, onPartitions, type Synthesized, synthesize } from './synthesize.ts';

const { fanout, permissions, functionProperties } = synthesize();

describe('the portal function', () => {
  it('exists with the console, unless the operator turns it off', () => {
    const without = synthesize({ portal: false });

    expect(without.fanout.functions).not.toHaveProperty('createPortalLink');
    expect(() => without.functionProperties('create-portal-link')).toThrow('found 0');
    expect(without.fanout.functions.serveConsole).toBeDefined();
    expect(fanout.functions.createPortalLink).toBeDefined();
  });

  it('has exactly the permissions that it needs [API-20]', () => {
    expect(permissions('create-portal-link')).toEqual([
      { actions: ['dynamodb:PutItem'], on: ['deliveries'], when: onPartitions('SESSION#*', 'AUDIT#*') },
      { actions: ['dynamodb:UpdateItem'], on: ['deliveries'], when: onPartitions('AUDIT#*') },
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: ['logs'] },
    ]);
  });

  it("makes links to the API's own host, or to the operator's", () => {
    const urlOf = ({ functionProperties: of }: Pick<Synthesized, 'functionProperties'>) =>
      of('create-portal-link').Environment.Variables.CONSOLE_URL;

    expect(JSON.stringify(urlOf({ functionProperties }))).toContain('/console/webhooks');
    expect(JSON.stringify(urlOf({ functionProperties }))).toContain('ApiEndpoint');
    expect(urlOf(synthesize({ consoleUrl: 'https://webhooks.example.com' }))).toBe(
      'https://webhooks.example.com/console/webhooks',
    );
  });

  it.each(['https://a.example/', 'https://a.example/console', 'http://a.example', 'a.example', 5])(
    'refuses the consoleUrl %s',
    (consoleUrl) => {
      expect(() => synthesize({ consoleUrl: consoleUrl as string })).toThrow(
        /consoleUrl is .*expected: an https address without a path/,
      );
    },
  );

  it('is invoked by nobody but whom the operator grants it [API-56]', () => {
    const own = new Stack(createApp(), 'Shop');
    const created = new WebhookFanout(own, 'Fanout');
    const backend = new Role(own, 'Backend', { assumedBy: new AccountRootPrincipal() });

    created.grantPortal(backend);
    created.addOutputs();

    const template = Template.fromStack(own);
    const arn = own.resolve(created.functions.createPortalLink?.functionArn);
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [own.resolve(backend.roleName)],
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn }] },
    });
    template.hasOutput('PortalFunctionName', {
      Value: own.resolve(created.functions.createPortalLink?.functionName),
    });
    template.resourcePropertiesCountIs('AWS::Lambda::Permission', { FunctionName: arn }, 0);
  });

  it('is invoked by its alias where new code is shifted gradually', () => {
    const gradual = synthesize({ gradualDeployment: true });
    const { Ref: reference } = gradual.stack.resolve(gradual.fanout.functions.createPortalLink?.functionArn);

    expect(gradual.template.findResources('AWS::Lambda::Alias')).toHaveProperty(reference);
  });

  it('cannot be granted when it does not exist', () => {
    const backend = new Role(new Stack(createApp(), 'Other'), 'Backend', {
      assumedBy: new AccountRootPrincipal(),
    });

    expect(() => synthesize({ portal: false }).fanout.grantPortal(backend)).toThrow(
      'Set the prop portal to true',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { readStack } from '../../chaos/run-setup.ts';
import { WebhookFanoutStack } from '../../lib/webhook-fanout-stack.ts';
import { createApp, type Properties, synthesize } from './synthesize.ts';

const gradual = synthesize({ gradualDeployment: true });

describe('new code of the functions', () => {
  it('replaces the old one at once by default: there is no version, no alias and no CodeDeploy', () => {
    const { template } = synthesize();

    for (const type of [
      'Lambda::Version',
      'Lambda::Alias',
      'CodeDeploy::Application',
      'CodeDeploy::DeploymentGroup',
    ]) {
      expect(template.findResources(`AWS::${type}`)).toEqual({});
    }
  });

  it('is shifted gradually, and rolled back by the alarms on messages of our side and on crashes', () => {
    const { resources, template } = gradual;

    const groups = resources('AWS::CodeDeploy::DeploymentGroup');
    const functions = Object.keys(template.findResources('AWS::Lambda::Function'));
    expect(groups).toHaveLength(functions.length);
    for (const group of groups) {
      expect(group).toMatchObject({
        DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent10Minutes',
        AlarmConfiguration: { Enabled: true },
        AutoRollbackConfiguration: {
          Enabled: true,
          Events: expect.arrayContaining(['DEPLOYMENT_STOP_ON_ALARM']),
        },
      });
      expect(alarmNames(group)).toEqual(['returned', 'poison', expect.stringMatching(/^errors-/)]);
    }
    // Each function's own crashes.
    expect(new Set(groups.map((group) => alarmNames(group)[2])).size).toBe(functions.length);
  });

  it('is invoked by the queues, the API and backends through the alias that is shifted', () => {
    const { resources, template } = gradual;
    const aliases = Object.entries(template.findResources('AWS::Lambda::Alias'));

    for (const [, alias] of aliases) {
      expect(alias.UpdatePolicy).toHaveProperty('CodeDeployLambdaAliasUpdate');
    }
    // By the alias's ARN or by `<function>:<alias>`.
    const invoked = [
      ...resources('AWS::Lambda::EventSourceMapping').map(({ FunctionName }) => FunctionName),
      ...resources('AWS::ApiGatewayV2::Integration').map(({ IntegrationUri }) => IntegrationUri),
      ...resources('AWS::Lambda::Permission').map(({ FunctionName }) => FunctionName),
      // Backends invoke it.
      gradual.stack.resolve(gradual.fanout.functions.createPortalLink?.functionArn),
    ].map((reference) => aliases.find(([id]) => JSON.stringify(reference).includes(`{"Ref":"${id}"}`))?.[0]);
    expect(new Set(invoked)).toEqual(new Set(aliases.map(([id]) => id)));
  });

  it('does not change the roles of the functions', () => {
    expect(gradual.permissions('first')).toEqual(synthesize().permissions('first'));
  });

  it('runs in the local cloud, where an alias is its function', async () => {
    const app = createApp();
    new WebhookFanoutStack(app, 'Shop', { fanout: () => ({ gradualDeployment: true }) });
    app.synth();

    const { functions, mappings, permissions, httpApi } = await readStack(app.outdir);

    const arns = functions.map(({ arn }) => arn);
    for (const { functionArn } of [...mappings, ...permissions, ...(httpApi?.routes ?? [])]) {
      expect(arns).toContain(functionArn);
    }
  });
});

/** The names of a group's alarms, without the deployment. */
function alarmNames({ AlarmConfiguration }: Properties): string[] {
  return AlarmConfiguration.Alarms.map(({ Name }: Properties) => {
    const alarm = gradual.template.findResources('AWS::CloudWatch::Alarm')[Name.Ref];
    return JSON.stringify(alarm?.Properties.AlarmName)
      .replace(/^.*\//, '')
      .replace(/[^a-z-]*$/, '');
  });
}

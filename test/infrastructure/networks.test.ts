import { Resolver } from 'node:dns/promises';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { afterEach, describe, expect, it } from 'vitest';
import { readStack } from '../../chaos/run-setup.ts';
import { readSettings } from '../../lambdas/send-delivery/settings.ts';
import { createPoster } from '../../lambdas/shared/http/post.ts';
import { readEnvironment } from '../../lambdas/shared/runtime/environment-variables.ts';
import { WebhookFanout, type WebhookFanoutProps } from '../../lib/webhook-fanout.ts';
import { WebhookFanoutStack } from '../../lib/webhook-fanout-stack.ts';
import { READ_ALL } from '../http/support/posting.ts';
import { startDnsServer } from '../support/dns-server.ts';
import { trackResources } from '../support/open-resources.ts';
import { createApp, synthesize } from './synthesize.ts';

const EGRESS: WebhookFanoutProps = { senderNetwork: {} };
const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/1234';
const DOMAIN = { name: 'hooks.example.com', certificateArn: CERTIFICATE };
const WEB_ACL = 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/hooks/1234';

const withVpc = synthesize(EGRESS);

const open = trackResources();
afterEach(open.closeAll);

/** The stack with the props as the local cloud reads it: every reference is resolved. */
async function readLocally(props: WebhookFanoutProps) {
  const app = createApp();
  new WebhookFanoutStack(app, 'Shop', { fanout: () => props });
  app.synth();
  return readStack(app.outdir);
}

describe('the network of the senders', () => {
  it('is that of Lambda by default: there is no VPC, and no address is known', () => {
    const { template, fanout } = synthesize();

    expect(template.findResources('AWS::EC2::VPC')).toEqual({});
    expect(fanout.egressAddresses).toEqual([]);
  });

  it('is a VPC with a static address in each of two zones, and only the senders are in it', () => {
    const { resources, functionProperties, fanout, stack } = withVpc;

    expect(resources('AWS::EC2::NatGateway')).toHaveLength(2);
    const addresses = Object.keys(withVpc.template.findResources('AWS::EC2::EIP'));
    expect(stack.resolve(fanout.egressAddresses)).toEqual(addresses.map((id) => ({ Ref: id })));
    for (const lane of ['first', 'retry', 'slow'] as const) {
      expect(functionProperties(lane).VpcConfig.SubnetIds).toHaveLength(2);
    }
    for (const name of ['dispatch-event', 'recover-deliveries', 'serve-api'] as const) {
      expect(functionProperties(name)).not.toHaveProperty('VpcConfig');
    }
    expect(resources('AWS::Lambda::Function')).toHaveLength(8);
  });

  it('keeps its addresses when it is removed, since customers’ firewalls name them', () => {
    const policies = (props: WebhookFanoutProps) =>
      Object.values(synthesize(props).template.findResources('AWS::EC2::EIP')).map(
        (eip) => eip.DeletionPolicy,
      );

    expect(policies(EGRESS)).toEqual(['Retain', 'Retain']);
    expect(policies({ ...EGRESS, removalPolicy: RemovalPolicy.DESTROY })).toEqual(['Delete', 'Delete']);
  });

  it('lets the senders connect to the ports of endpoints and to DNS in the VPC only, and nobody to them [NET-29]', () => {
    const { resources } = withVpc;

    const [group, ...others] = resources('AWS::EC2::SecurityGroup');
    expect(others).toEqual([]);
    const rules = group?.SecurityGroupEgress.map(({ CidrIp, IpProtocol, FromPort, ToPort }: typeof group) =>
      [typeof CidrIp === 'string' ? CidrIp : 'VPC', IpProtocol, FromPort, ToPort].join(' '),
    );
    expect(rules).toEqual([
      '0.0.0.0/0 tcp 443 443',
      '0.0.0.0/0 tcp 8443 8443',
      'VPC udp 53 53',
      'VPC tcp 53 53',
    ]);
    expect(group).not.toHaveProperty('SecurityGroupIngress');
    expect(resources('AWS::EC2::SecurityGroupIngress')).toEqual([]);
    expect(resources('AWS::EC2::SecurityGroupEgress')).toEqual([]);
  });

  it('is not reached by a webhook whose name has an address of the VPC: it is refused before a connection [NET-29]', async () => {
    const { functions } = await readLocally(EGRESS);
    const senders = functions.filter(({ environment }) => environment.LANE !== undefined);
    expect(senders).toHaveLength(3);
    const dns = open.add(await startDnsServer());
    dns.set('inside.customer.example', { addresses: ['10.0.16.5'] });
    const resolver = new Resolver({ timeout: 300_000, tries: 1 });
    resolver.setServers([dns.address]);

    for (const { environment } of senders) {
      const { network } = readSettings(readEnvironment(environment));
      const poster = open.add(createPoster({ ...network, resolver }));
      const requests = ['https://inside.customer.example/', 'https://10.0.16.5/'].map((url) =>
        poster.post({ url, headers: {}, body: '{}', ...READ_ALL }),
      );

      expect(await Promise.all(requests)).toMatchObject([
        { kind: 'failed', error: 'address_refused' },
        { kind: 'failed', error: 'address_refused' },
      ]);
    }
  });

  it('is refused together with private endpoints, which would be those of the VPC [NET-29]', () => {
    expect(() => synthesize({ ...EGRESS, allowPrivateEndpoints: true })).toThrow(
      'customers could make them call its private addresses',
    );
  });

  it('lets Lambda connect the senders with their roles, and their code create no network interface', () => {
    const { template } = withVpc;

    const roles = template.findResources('AWS::IAM::Role', {
      Properties: {
        Policies: [
          {
            PolicyDocument: {
              Statement: Match.arrayWith([
                Match.objectLike({
                  Effect: 'Allow',
                  Action: Match.arrayWith(['ec2:CreateNetworkInterface']),
                }),
                Match.objectLike({
                  Effect: 'Deny',
                  Action: Match.arrayWith(['ec2:CreateNetworkInterface']),
                  Condition: { ArnLike: { 'lambda:SourceFunctionArn': '*' } },
                }),
              ]),
            },
          },
        ],
      },
    });
    expect(Object.keys(roles)).toHaveLength(3);
    expect(template.findResources('AWS::IAM::Policy')).toEqual({});
  });

  it('can be an existing VPC', () => {
    const app = createApp();
    const stack = new Stack(app, 'Shop');
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      vpcCidrBlock: '10.9.0.0/16',
      availabilityZones: ['eu-west-1a'],
      privateSubnetIds: ['subnet-1'],
      privateSubnetRouteTableIds: ['rtb-1'],
    });

    new WebhookFanout(stack, 'Fanout', { senderNetwork: { vpc } });

    const template = Template.fromStack(stack);
    expect(template.findResources('AWS::EC2::NatGateway')).toEqual({});
    template.resourcePropertiesCountIs(
      'AWS::Lambda::Function',
      { VpcConfig: { SubnetIds: ['subnet-1'] } },
      3,
    );
  });
});

describe("the name of the customers' API", () => {
  it('is that of API Gateway by default', () => {
    const { template, fanout } = synthesize();

    expect(template.findResources('AWS::ApiGatewayV2::DomainName')).toEqual({});
    expect(fanout.apiDomainTarget).toBeUndefined();
  });

  it('is the operator’s, served by API Gateway with TLS 1.2', () => {
    const { fanout, template, resources, stack } = synthesize({ apiDomain: DOMAIN });

    expect(fanout.apiUrl).toBe('https://hooks.example.com');
    const [[id = '', domain] = []] = Object.entries(template.findResources('AWS::ApiGatewayV2::DomainName'));
    expect(domain?.Properties).toEqual({
      DomainName: 'hooks.example.com',
      DomainNameConfigurations: [
        { CertificateArn: CERTIFICATE, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
    });
    expect(resources('AWS::ApiGatewayV2::ApiMapping')).toHaveLength(1);
    expect(stack.resolve(fanout.apiDomainTarget)).toEqual({ 'Fn::GetAtt': [id, 'RegionalDomainName'] });
  });

  it('is the operator’s, served by CloudFront with the web ACL, without a cache', () => {
    const { fanout, template, stack } = synthesize({ apiDomain: DOMAIN, apiWebAclArn: WEB_ACL });

    const [[id = '', distribution] = []] = Object.entries(
      template.findResources('AWS::CloudFront::Distribution'),
    );
    expect(distribution?.Properties.DistributionConfig).toMatchObject({
      Aliases: ['hooks.example.com'],
      WebACLId: WEB_ACL,
      ViewerCertificate: { AcmCertificateArn: CERTIFICATE, MinimumProtocolVersion: 'TLSv1.2_2021' },
      DefaultCacheBehavior: {
        AllowedMethods: expect.arrayContaining(['PATCH', 'POST', 'DELETE']),
        // AWS's policies CachingDisabled and AllViewerExceptHostHeader.
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
        ViewerProtocolPolicy: 'https-only',
      },
    });
    expect(fanout.apiUrl).toBe('https://hooks.example.com');
    expect(stack.resolve(fanout.apiDomainTarget)).toEqual({ 'Fn::GetAtt': [id, 'DomainName'] });
    expect(template.findResources('AWS::ApiGatewayV2::DomainName')).toEqual({});
  });

  it('can have a web ACL and a certificate of the same app, whose ARNs are not known at synth', () => {
    const { resources } = synthesize((stack) => {
      const visibilityConfig = {
        cloudWatchMetricsEnabled: true,
        sampledRequestsEnabled: true,
        metricName: 'hooks',
      };
      const webAcl = new CfnWebACL(stack, 'Acl', {
        scope: 'CLOUDFRONT',
        defaultAction: { allow: {} },
        visibilityConfig,
      });
      const { certificateArn } = new Certificate(stack, 'Certificate', { domainName: DOMAIN.name });
      return { apiDomain: { name: DOMAIN.name, certificateArn }, apiWebAclArn: webAcl.attrArn };
    });

    const [distribution] = resources('AWS::CloudFront::Distribution');
    expect(distribution?.DistributionConfig.WebACLId).toEqual({ 'Fn::GetAtt': ['Acl', 'Arn'] });
  });

  it.each([
    { props: {}, hosts: 1 },
    { props: { apiDomain: DOMAIN }, hosts: 2 },
    { props: { apiDomain: DOMAIN, apiWebAclArn: WEB_ACL }, hosts: 3 },
  ])(
    'is refused as a webhook’s host in all its $hosts forms, at registration and when it is called [URL-9]',
    async ({ props, hosts }) => {
      const { functions } = await readLocally(props);

      const known = functions.flatMap(({ environment }) => environment.API_HOSTS ?? []);
      // The API and the three lanes.
      expect(known).toHaveLength(4);
      expect(new Set(known).size).toBe(1);
      const names: string[] = JSON.parse(known[0] ?? '');
      expect(names).toHaveLength(hosts);
      expect(names).toContain('api.example.com');
      if (hosts > 1) expect(names).toContain('hooks.example.com');
      if (hosts > 2) expect(names[2]).toContain('distribution');
    },
  );

  it.each([
    [undefined, 'eu-west-1', 'expected: eu-west-1, where the stack is'],
    [WEB_ACL, 'us-east-1', 'expected: us-east-1, where CloudFront takes certificates from'],
  ])('needs a certificate of the right Region (web ACL: %s)', (apiWebAclArn, needed, message) => {
    const stackOf = (region: string) => {
      const stack = new Stack(createApp(), 'Shop', { env: { region: 'eu-west-1' } });
      const apiDomain = { ...DOMAIN, certificateArn: `arn:aws:acm:${region}:111122223333:certificate/1234` };
      return new WebhookFanout(
        stack,
        'Fanout',
        apiWebAclArn === undefined ? { apiDomain } : { apiDomain, apiWebAclArn },
      );
    };

    expect(() => stackOf('ap-south-1')).toThrow(message);
    expect(() => stackOf(needed)).not.toThrow();
  });
});

describe('publishers of other accounts', () => {
  it('do not exist by default', () => {
    expect(synthesize().resources('AWS::Events::EventBusPolicy')).toEqual([]);
  });

  it('may publish domain events to the bus, and no system events [API-48]', () => {
    const publishers = { accounts: ['111122223333', '444455556666'], organizationId: 'o-a1b2c3d4e5' };
    const { resources, resolve, fanout } = synthesize({ publishers });

    const statements = resources('AWS::Events::EventBusPolicy').map(({ Statement }) => Statement);
    expect(statements).toHaveLength(2);
    for (const { Effect, Action, Resource, Condition } of statements) {
      expect({ Effect, Action }).toEqual({ Effect: 'Allow', Action: 'events:PutEvents' });
      expect(JSON.stringify(Resource)).toBe(resolve(fanout.eventBus.eventBusRef.eventBusArn));
      expect(Condition.StringNotEquals).toEqual({ 'events:source': fanout.systemEventSource });
    }
    const withCanary = synthesize({ publishers, canary: true }).resources('AWS::Events::EventBusPolicy');
    for (const { Statement } of withCanary) {
      expect(Statement.Condition.StringNotEquals['events:source']).toEqual([
        fanout.systemEventSource,
        `${fanout.systemEventSource}.canary`,
      ]);
    }
    const [byAccount, byOrganization] = statements;
    expect(JSON.stringify(byAccount?.Principal)).toMatch(/111122223333:root.*444455556666:root/);
    expect(byOrganization).toMatchObject({
      Principal: { AWS: '*' },
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    });
  });

  it('are refused with a bus of the operator’s own', () => {
    const stack = new Stack(createApp(), 'Shop');
    const eventBus = EventBus.fromEventBusName(stack, 'Bus', 'shop');

    expect(
      () => new WebhookFanout(stack, 'Fanout', { eventBus, publishers: { accounts: ['111122223333'] } }),
    ).toThrow('publishers and eventBus are both given');
  });
});

describe('the local cloud', () => {
  it('runs a stack with all of it', async () => {
    const props = { ...EGRESS, apiDomain: DOMAIN, publishers: { organizationId: 'o-a1b2c3d4e5' } };

    const stack = await readLocally(props);

    expect(stack.functions).toHaveLength(8);
    expect(stack.outputs.EgressAddresses?.split(',')).toHaveLength(2);
    expect(stack.outputs.ApiUrl).toBe('https://hooks.example.com');
  });
});

import * as z from 'zod';
import { type NamedResource, type ResourceType, resourceType } from '../resource-type.ts';

/**
 * Resources that have no effect in the local cloud: its functions call endpoints from this machine, and its API has a
 * loopback address.
 */
function withoutEffect(
  type: string,
  attributes: Readonly<Record<string, (resource: NamedResource) => string>> = {},
): ResourceType {
  return resourceType({ type, properties: z.looseObject({}), ref: ({ name }) => name, attributes });
}

const named = ({ name }: NamedResource): string => name;

export const NETWORK_TYPES = {
  vpc: withoutEffect('AWS::EC2::VPC', { CidrBlock: () => '10.0.0.0/16', VpcId: named }),
  subnet: withoutEffect('AWS::EC2::Subnet', { SubnetId: named }),
  routeTable: withoutEffect('AWS::EC2::RouteTable', { RouteTableId: named }),
  routeTableAssociation: withoutEffect('AWS::EC2::SubnetRouteTableAssociation'),
  subnetRoute: withoutEffect('AWS::EC2::Route'),
  internetGateway: withoutEffect('AWS::EC2::InternetGateway', { InternetGatewayId: named }),
  gatewayAttachment: withoutEffect('AWS::EC2::VPCGatewayAttachment'),
  natGateway: withoutEffect('AWS::EC2::NatGateway', { NatGatewayId: named }),
  elasticIp: withoutEffect('AWS::EC2::EIP', { AllocationId: named, PublicIp: named }),
  vpcEndpoint: withoutEffect('AWS::EC2::VPCEndpoint', { Id: named }),
  securityGroup: withoutEffect('AWS::EC2::SecurityGroup', { GroupId: named }),
  apiDomainName: withoutEffect('AWS::ApiGatewayV2::DomainName', {
    RegionalDomainName: ({ name }) => `${name}.invalid`,
    RegionalHostedZoneId: named,
  }),
  apiMapping: withoutEffect('AWS::ApiGatewayV2::ApiMapping'),
  distribution: withoutEffect('AWS::CloudFront::Distribution', {
    DomainName: ({ name }) => `${name.toLowerCase()}.invalid`,
  }),
  /** Callers of the local cloud have no other account. */
  eventBusPolicy: withoutEffect('AWS::Events::EventBusPolicy'),
} as const;

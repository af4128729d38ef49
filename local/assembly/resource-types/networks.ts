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

export const vpc = withoutEffect('AWS::EC2::VPC', { CidrBlock: () => '10.0.0.0/16', VpcId: named });
export const subnet = withoutEffect('AWS::EC2::Subnet', { SubnetId: named });
export const routeTable = withoutEffect('AWS::EC2::RouteTable', { RouteTableId: named });
export const routeTableAssociation = withoutEffect('AWS::EC2::SubnetRouteTableAssociation');
export const subnetRoute = withoutEffect('AWS::EC2::Route');
export const internetGateway = withoutEffect('AWS::EC2::InternetGateway', { InternetGatewayId: named });
export const gatewayAttachment = withoutEffect('AWS::EC2::VPCGatewayAttachment');
export const natGateway = withoutEffect('AWS::EC2::NatGateway', { NatGatewayId: named });
export const elasticIp = withoutEffect('AWS::EC2::EIP', { AllocationId: named, PublicIp: named });
export const vpcEndpoint = withoutEffect('AWS::EC2::VPCEndpoint', { Id: named });
export const securityGroup = withoutEffect('AWS::EC2::SecurityGroup', { GroupId: named });
export const apiDomainName = withoutEffect('AWS::ApiGatewayV2::DomainName', {
  RegionalDomainName: ({ name }) => `${name}.invalid`,
  RegionalHostedZoneId: named,
});
export const apiMapping = withoutEffect('AWS::ApiGatewayV2::ApiMapping');
export const distribution = withoutEffect('AWS::CloudFront::Distribution', {
  DomainName: ({ name }) => `${name.toLowerCase()}.invalid`,
});
/** Callers of the local cloud have no other account. */
export const eventBusPolicy = withoutEffect('AWS::Events::EventBusPolicy');

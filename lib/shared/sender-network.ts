import {
  type CfnEIP,
  GatewayVpcEndpointAwsService,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { FunctionOptions } from 'aws-cdk-lib/aws-lambda';
import { type RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { HTTPS_PORTS } from '../../lambdas/shared/domain/endpoint-url.ts';
import { InputError, isRecord, isWholeNumber, show } from './input.ts';

/** The network from which requests to customers' endpoints are sent. */
export interface SenderNetwork {
  /**
   * A new VPC with this many NAT gateways, each in an availability zone of its own and with one static address. 1 or 2.
   * A NAT gateway and its address cost $36.50 a month, and $0.045 for each GB (`docs/networks.md`).
   *
   * @default 2
   */
  readonly natGateways?: number;
  /**
   * An existing VPC, instead of a new one. The senders need a route to the internet, and to SQS, DynamoDB, KMS and EventBridge.
   *
   * @default - a new VPC
   */
  readonly vpc?: IVpc;
  /**
   * The subnets of `vpc`. Their route to the internet must be a NAT gateway: functions have no public address.
   *
   * @default - the private subnets with a NAT gateway
   */
  readonly subnets?: SubnetSelection;
}

const DNS_PORT = 53;
const DEFAULT_NAT_GATEWAYS = 2;
/** A stack without a known Region has two availability zones. */
const MAX_NAT_GATEWAYS = 2;

export const NAT_GATEWAYS_RULE = `a whole number from 1 to ${MAX_NAT_GATEWAYS}`;

export function isNatGateways(value: unknown): value is number {
  return isWholeNumber(value, 1, MAX_NAT_GATEWAYS);
}

const NAMES: readonly string[] = ['natGateways', 'vpc', 'subnets'];

/** Throws on a network that the senders cannot have. */
export function readSenderNetwork(given: SenderNetwork, allowPrivateEndpoints: boolean): SenderNetwork {
  if (!isRecord(given))
    throw new InputError(`senderNetwork is ${show(given)}; expected: an object with ${NAMES.join(', ')}.`);
  const unknown = Object.keys(given).find((name) => !NAMES.includes(name));
  if (unknown !== undefined)
    throw new InputError(
      `senderNetwork.${unknown} is unknown; expected: ${NAMES.join(', ')}. Correct the name or leave it out.`,
    );
  const { natGateways, vpc, subnets } = given;
  if (natGateways !== undefined && !isNatGateways(natGateways)) {
    throw new InputError(
      `senderNetwork.natGateways is ${show(natGateways)}; expected: ${NAT_GATEWAYS_RULE}. Leave it out for the default, ${DEFAULT_NAT_GATEWAYS}.`,
    );
  }
  if (vpc !== undefined && !(typeof vpc === 'object' && vpc !== null && 'vpcId' in vpc)) {
    throw new InputError(`senderNetwork.vpc is ${show(vpc)}; expected: a VPC, such as Vpc.fromLookup(…).`);
  }
  if (vpc !== undefined && natGateways !== undefined) {
    throw new InputError(
      'senderNetwork.vpc and senderNetwork.natGateways are both given; NAT gateways are created only in a new VPC. Leave one of them out.',
    );
  }
  if (vpc === undefined && subnets !== undefined) {
    throw new InputError(
      'senderNetwork.subnets is given without senderNetwork.vpc; it selects subnets of an existing VPC. Give vpc, too, or leave subnets out.',
    );
  }
  if (allowPrivateEndpoints) {
    throw new InputError(
      'allowPrivateEndpoints is true, and the senders are in a VPC: customers could make them call its private addresses. Leave allowPrivateEndpoints or senderNetwork out.',
    );
  }
  return given;
}

/** A VPC for the functions that call customers' endpoints, or the operator's own, and their security group. */
export class SenderVpc extends Construct {
  readonly options: Pick<FunctionOptions, 'vpc' | 'vpcSubnets' | 'securityGroups'>;
  /** The static addresses from which requests come. Empty for an existing VPC, whose addresses are not known. */
  readonly addresses: string[] = [];

  constructor(scope: Construct, id: string, given: SenderNetwork, removalPolicy: RemovalPolicy) {
    super(scope, id);
    const vpc = given.vpc ?? this.createVpc(given.natGateways ?? DEFAULT_NAT_GATEWAYS, removalPolicy);
    this.options = {
      vpc,
      vpcSubnets: given.subnets ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [this.createSecurityGroup(vpc)],
    };
  }

  private createVpc(natGateways: number, removalPolicy: RemovalPolicy): IVpc {
    const vpc = new Vpc(this, 'Vpc', {
      // One NAT gateway for each zone: no traffic between zones is paid for.
      maxAzs: natGateways,
      natGateways,
      subnetConfiguration: [
        { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      ],
      // It has no charge. All other calls of AWS use the NAT gateway.
      gatewayEndpoints: { DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB } },
      // CDK restricts the default group with a custom resource and a function. Nothing uses the group.
      restrictDefaultSecurityGroup: false,
    });
    Validations.of(vpc).acknowledge({
      id: 'AwsSolutions-VPC7',
      reason:
        'Only the senders are in this VPC, and the delivery log has every request. Flow logs would cost more than the requests.',
    });
    for (const subnet of vpc.publicSubnets) {
      const address = subnet.node.findChild('EIP') as CfnEIP;
      // Customers' firewalls have the address: it must survive a removal of the VPC.
      address.applyRemovalPolicy(removalPolicy);
      this.addresses.push(address.ref);
    }
    return vpc as IVpc;
  }

  /** The ports of customers' endpoints, which are those of AWS, too. Nothing can connect to the senders. */
  private createSecurityGroup(vpc: IVpc): SecurityGroup {
    const group = new SecurityGroup(this, 'Senders', {
      vpc,
      description: "Requests to customers' endpoints",
      allowAllOutbound: false,
    });
    for (const port of HTTPS_PORTS) group.addEgressRule(Peer.anyIpv4(), Port.tcp(Number(port)), 'HTTPS');
    // For DNS servers of the operator's own. Security groups do not apply to those of AWS.
    const inside = Peer.ipv4(vpc.vpcCidrBlock);
    group.addEgressRule(inside, Port.udp(DNS_PORT), 'DNS');
    group.addEgressRule(inside, Port.tcp(DNS_PORT), 'DNS');
    return group;
  }
}

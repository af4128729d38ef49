import {
  ApiMapping,
  DomainName,
  type HttpApi,
  type IHttpStage,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Fn, Stack, Token, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { accept, InputError, isRecord, type ParseResult, refuse, show } from './input.ts';

/** A custom domain name for the customers' API. */
export interface ApiDomain {
  /** Such as `hooks.example.com`. Its DNS record points at the output `ApiDomainTarget`. */
  readonly name: string;
  /** The ARN of a certificate of ACM for the name: in the stack's Region, and in us-east-1 with `apiWebAclArn`. */
  readonly certificateArn: string;
}

/** CloudFront, its certificates and its web ACLs are managed in this Region. */
const CLOUDFRONT_REGION = 'us-east-1';

const NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const CERTIFICATE_ARN = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[\w-]+$/;
const WEB_ACL_ARN = /^arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/;

export const API_DOMAIN_RULE =
  'both name, a host name in lower case, and certificateArn, the ARN of a certificate of ACM';
export const WEB_ACL_RULE = `the ARN of a web ACL of AWS WAF for CloudFront, in ${CLOUDFRONT_REGION}`;

export function isWebAclArn(value: unknown): value is string {
  return typeof value === 'string' && WEB_ACL_ARN.test(value);
}

export function parseApiDomain(given: unknown): ParseResult<ApiDomain> {
  if (!isRecord(given)) return refuse(`it is ${show(given)}`);
  const { name, certificateArn, ...others } = given;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return refuse(`${show(unknown)} is not one of them`);
  if (typeof name !== 'string' || !NAME.test(name)) return refuse(`name is ${show(name)}`);
  if (
    typeof certificateArn !== 'string' ||
    !(isToken(certificateArn) || CERTIFICATE_ARN.test(certificateArn))
  )
    return refuse(`certificateArn is ${show(certificateArn)}`);
  return accept({ name, certificateArn });
}

/** A certificate that is created in the same app has an ARN that is not known at synth. */
function isToken(text: string): boolean {
  return Token.isUnresolved(text);
}

export interface ApiAddressProps {
  readonly api: HttpApi;
  readonly domain?: ApiDomain;
  /** Puts CloudFront with this web ACL in front of the API. */
  readonly webAclArn?: string;
}

/** The address of the customers' API: that of API Gateway, a name of the operator's, or this name on CloudFront. */
export class ApiAddress extends Construct {
  /** `https://…`, without a trailing slash. */
  readonly url: string;
  /** All hosts by which the API can be called. No webhook's URL may have one of them. */
  readonly hosts: readonly string[];
  /** The target of the DNS record of the operator's name. */
  readonly dnsTarget?: string;
  readonly #api: HttpApi;
  readonly #domainName?: DomainName;

  constructor(scope: Construct, id: string, { api, domain, webAclArn }: ApiAddressProps) {
    super(scope, id);
    this.#api = api;
    const gatewayHost = Fn.parseDomainName(api.apiEndpoint);
    if (domain === undefined) {
      if (webAclArn !== undefined) {
        throw new InputError(
          'apiWebAclArn is given without apiDomain; CloudFront needs a name and its certificate. Give apiDomain, too, or leave apiWebAclArn out.',
        );
      }
      this.url = api.apiEndpoint;
      this.hosts = [gatewayHost];
      return;
    }
    const { name, certificateArn } = readApiDomain(this, domain, webAclArn);
    const certificate = Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
    this.url = `https://${name}`;
    if (webAclArn === undefined) {
      this.#domainName = new DomainName(this, 'Domain', {
        domainName: name,
        certificate,
        securityPolicy: SecurityPolicy.TLS_1_2,
      });
      this.dnsTarget = this.#domainName.regionalDomainName;
      this.hosts = [gatewayHost, name];
      return;
    }
    const distribution = new Distribution(this, 'Distribution', {
      comment: "Customers' webhooks",
      domainNames: [name],
      certificate,
      webAclId: webAclArn,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      defaultBehavior: {
        origin: new HttpOrigin(gatewayHost, { protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        // API Gateway accepts only its own name as Host.
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      },
    });
    Validations.of(distribution).acknowledge(
      {
        id: 'AwsSolutions-CFR1',
        reason: 'Customers may be anywhere. The web ACL of the operator can restrict countries.',
      },
      {
        id: 'AwsSolutions-CFR3',
        reason:
          'The access log of API Gateway has every request that the web ACL lets through, and WAF logs the others.',
      },
    );
    this.dnsTarget = distribution.distributionDomainName;
    this.hosts = [gatewayHost, name, distribution.distributionDomainName];
  }

  /** API Gateway answers requests for its custom domain by this stage. */
  attach(stage: IHttpStage): void {
    if (this.#domainName === undefined) return;
    new ApiMapping(this, 'Mapping', { api: this.#api, domainName: this.#domainName, stage });
  }
}

function readApiDomain(scope: Construct, given: ApiDomain, webAclArn: string | undefined): ApiDomain {
  const result = parseApiDomain(given);
  if (!result.ok)
    throw new InputError(`apiDomain: ${result.problem}; expected: an object with ${API_DOMAIN_RULE}.`);
  if (webAclArn !== undefined && !isToken(webAclArn) && !isWebAclArn(webAclArn)) {
    throw new InputError(`apiWebAclArn is ${show(webAclArn)}; expected: ${WEB_ACL_RULE}.`);
  }
  const needed = webAclArn === undefined ? Stack.of(scope).region : CLOUDFRONT_REGION;
  const region = CERTIFICATE_ARN.exec(result.value.certificateArn)?.[1];
  if (region === undefined || Token.isUnresolved(needed) || region === needed) return result.value;
  throw new InputError(
    `apiDomain.certificateArn is in region ${region}; expected: ${needed}, where ${webAclArn === undefined ? 'the stack is' : 'CloudFront takes certificates from'}. Request the certificate there.`,
  );
}

import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { isJsonObject } from '../../lambdas/shared/domain/json-object.ts';
import type { ClientSettings } from '../shared/client-settings.ts';
import { type Check, type Finding, notChecked, ok, problem } from './check.ts';
import { objectIn } from './read-template.ts';

/**
 * "Throttle rate" and "Throttle burst rate" of all APIs of an account and region.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const QUOTA_CODES = { perSecond: 'L-8A5B8E43', burst: 'L-CDF5615A' };

/** Requests a second, and requests at once. */
export interface Requests {
  readonly perSecond: number;
  readonly burst: number;
}

/** Whether API Gateway accepts as many requests as the deployment's own limit allows. */
export const apiRequests: Check = {
  name: 'API requests',
  needsAws: true,
  async run({ template, target: { clientSettings } }) {
    const allowed = throttlingIn(await template());
    if (allowed === undefined) return notChecked('the template has no API with a limit of requests');
    return judge(allowed, await readQuotas(clientSettings));
  },
};

/** `allowed`: by the deployment. `quota`: of all APIs of the account and region. */
export function judge(allowed: Requests, quota: Requests): Finding {
  if (allowed.perSecond <= quota.perSecond && allowed.burst <= quota.burst) {
    return ok(
      `the API accepts up to ${allowed.perSecond} of the account's ${quota.perSecond} requests a second, and ${allowed.burst} of ${quota.burst} at once`,
    );
  }
  return problem(
    `the API is set to accept ${allowed.perSecond} requests a second and ${allowed.burst} at once, and API Gateway accepts ${quota.perSecond} and ${quota.burst} for all APIs of this account: one customer's requests can use up the whole quota`,
    'lower the setting throttling and deploy, or request a higher "Throttle rate" of API Gateway in Service Quotas; AWS derives the burst from it',
  );
}

/** The sum of the limits of the template's HTTP APIs, which share the quota; undefined when there is none. */
function throttlingIn(template: unknown): Requests | undefined {
  const limits = limitsIn(template);
  return limits.length === 0
    ? undefined
    : {
        perSecond: limits.reduce((sum, { perSecond }) => sum + perSecond, 0),
        burst: limits.reduce((sum, { burst }) => sum + burst, 0),
      };
}

/** The limits of the stages of HTTP APIs in a template of CDK, which writes them as numbers. */
export function limitsIn(template: unknown): Requests[] {
  const resources = objectIn(template, 'Resources');
  return Object.values(resources).flatMap((resource) => {
    if (!isJsonObject(resource) || resource.Type !== 'AWS::ApiGatewayV2::Stage') return [];
    const settings = objectIn(resource.Properties, 'DefaultRouteSettings');
    const { ThrottlingRateLimit: perSecond, ThrottlingBurstLimit: burst } = settings;
    return typeof perSecond === 'number' && typeof burst === 'number' ? [{ perSecond, burst }] : [];
  });
}

async function readQuotas(clientSettings: ClientSettings): Promise<Requests> {
  const serviceQuotas = new ServiceQuotasClient(clientSettings);
  const read = async (QuotaCode: string): Promise<number> => {
    const command = new GetServiceQuotaCommand({ ServiceCode: 'apigateway', QuotaCode });
    const { Quota } = await serviceQuotas.send(command);
    if (Quota?.Value === undefined) throw new Error(`Service Quotas has no value of the quota ${QuotaCode}`);
    return Quota.Value;
  };
  try {
    return { perSecond: await read(QUOTA_CODES.perSecond), burst: await read(QUOTA_CODES.burst) };
  } finally {
    serviceQuotas.destroy();
  }
}

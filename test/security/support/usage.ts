import type { FunctionSettings } from '../../../local/assembly/stack.ts';
import type { OnDecision } from '../../../local/iam/authorizer.ts';
import type { AccessRequest } from '../../../local/iam/evaluate.ts';
import { type Grant, grantsOf } from '../../../local/iam/grants.ts';
import type { PolicyDocument } from '../../../local/iam/policy.ts';

/** The AWS requests of the functions, and those that their roles denied. */
export interface Usage {
  readonly onDecision: OnDecision;
  /** Requests by the name of the function. */
  readonly requests: ReadonlyMap<string, readonly AccessRequest[]>;
  readonly denied: readonly string[];
}

export function recordUsage(): Usage {
  const requests = new Map<string, AccessRequest[]>();
  const seen = new Set<string>();
  const denied: string[] = [];
  return {
    requests,
    denied,
    onDecision({ functionName }, request, allowed) {
      const text = `${functionName} ${JSON.stringify(request)}`;
      if (seen.has(text)) return;
      seen.add(text);
      if (!allowed) denied.push(text);
      requests.set(functionName, [...(requests.get(functionName) ?? []), request]);
    },
  };
}

/** The grants in the role of one function that none of its requests needed. */
export function unusedGrants(
  { name }: Pick<FunctionSettings, 'name'>,
  policies: readonly PolicyDocument[],
  usages: readonly Pick<Usage, 'requests'>[],
): Grant[] {
  const made = usages.flatMap(({ requests }) => requests.get(name) ?? []);
  return grantsOf(policies).filter((grant) => !made.some((request) => grant.isUsedBy(request)));
}

/** Such as `sqs:SendMessage on …FanoutLanesSlow84A2F389`. */
export function describeGrant({ action, resource, condition }: Grant): string {
  const short = resource.slice(resource.lastIndexOf(':') + 1).replace(/^\*$/, resource);
  return `${action} on ${short}${condition === undefined ? '' : ` for ${condition.key} ${condition.value}`}`;
}

import { ADMINISTRATOR, type AwsCall, AwsError, EVENTBRIDGE, type ServiceName } from '../aws-calls.ts';
import { type AccessRequest, evaluate } from './evaluate.ts';
import type { PolicyDocument } from './policy.ts';
import { accessRequests } from './requests.ts';
import type { Resources } from './resources.ts';

/** The identity of an access key id. */
export interface Principal {
  readonly roleName: string;
  /** Or the name of a schedule. */
  readonly functionName: string;
  readonly policies: readonly PolicyDocument[];
}

/** Called with each action on each resource that a function requests, and whether its role allows it. */
export type OnDecision = (principal: Principal, request: AccessRequest, allowed: boolean) => void;

export interface AuthorizerDependencies {
  /** By access key id. It is read at every call, so principals can be added later. */
  readonly principals: ReadonlyMap<string, Principal>;
  readonly resources: Resources;
  readonly accountId: string;
  readonly onDecision?: OnDecision;
}

/** Callers without a role. The queue's policy is checked before the bus calls. */
const WITHOUT_ROLE: readonly string[] = [ADMINISTRATOR, EVENTBRIDGE];

/**
 * Checks a call against its caller's role. Throws AWS's error if the role does not allow it, or the access key id is
 * unknown. The administrator has every permission.
 */
export function createAuthorizer(deps: AuthorizerDependencies): (call: AwsCall) => void {
  return (call) => {
    if (WITHOUT_ROLE.includes(call.principal)) return;
    const principal = deps.principals.get(call.principal);
    if (principal === undefined) throw unknownKey(call.service);
    for (const request of accessRequests(call, deps.resources)) {
      const decision = evaluate(principal.policies, request);
      deps.onDecision?.(principal, request, decision === 'allowed');
      if (decision === 'allowed') continue;
      const user = `arn:aws:sts::${deps.accountId}:assumed-role/${principal.roleName}/${principal.functionName}`;
      throw accessDenied(
        `User: ${user} is not authorized to perform: ${request.action} on resource: ${request.resource} ${decision.denied}`,
      );
    }
  };
}

function accessDenied(message: string): AwsError {
  return new AwsError({ code: 'AccessDeniedException', message, status: 400, queryCode: 'AccessDenied' });
}

function unknownKey(service: ServiceName): AwsError {
  const message = 'The security token included in the request is invalid.';
  if (service !== 'sqs') return new AwsError({ code: 'UnrecognizedClientException', message });
  return new AwsError({
    code: 'InvalidClientTokenId',
    message,
    status: 403,
    queryCode: 'InvalidClientTokenId',
  });
}

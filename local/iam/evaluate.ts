import { checkOperators, satisfies } from './conditions.ts';
import {
  listOf,
  matchesGlob,
  type PolicyDocument,
  type RequestContext,
  type Statement,
  statementsOf,
} from './policy.ts';

/** One action on one resource, with the values of condition keys. */
export interface AccessRequest {
  /** With the service's prefix, such as `sqs:SendMessage`. */
  readonly action: string;
  /** An ARN; `*` for actions without a resource. */
  readonly resource: string;
  readonly context: RequestContext;
}

export type Decision = 'allowed' | { readonly denied: string };

/** IAM's rule: an explicit deny has precedence over an allow; without either, the request is denied. The reason is the end of AWS's message. */
export function evaluate(documents: readonly PolicyDocument[], request: AccessRequest): Decision {
  const matching = documents.flatMap(statementsOf).filter((statement) => applies(statement, request));
  if (matching.some(({ Effect }) => Effect === 'Deny')) {
    return { denied: 'with an explicit deny in an identity-based policy' };
  }
  if (matching.some(({ Effect }) => Effect === 'Allow')) return 'allowed';
  return { denied: `because no identity-based policy allows the ${request.action} action` };
}

/** Throws on an unsupported element or operator. */
export function checkPolicy(document: PolicyDocument): void {
  for (const statement of statementsOf(document)) checkOperators(statement.Condition);
}

/** Whether a statement's action, resource and conditions match a request. */
export function applies(statement: Statement, { action, resource, context }: AccessRequest): boolean {
  return (
    listOf(statement.Action).some((pattern) => matchesGlob(pattern.toLowerCase(), action.toLowerCase())) &&
    listOf(statement.Resource).some((pattern) => matchesGlob(pattern, resource)) &&
    satisfies(statement.Condition, context)
  );
}

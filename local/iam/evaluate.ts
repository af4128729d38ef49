import { checkOperators, satisfies } from './conditions.ts';
import {
  listOf,
  matchesGlob,
  type PolicyDocument,
  type RequestContext,
  type Statement,
  statementsOf,
} from './policy.ts';

/** One action on one resource, with what its conditions may ask about. */
export interface AccessRequest {
  /** With the service's prefix, such as `sqs:SendMessage`. */
  readonly action: string;
  /** An ARN; `*` for actions that name no resource. */
  readonly resource: string;
  readonly context: RequestContext;
}

export type Decision = 'allowed' | { readonly denied: string };

/** IAM's rule: an explicit deny wins, then any allow; otherwise the request is denied. The reason ends AWS's message. */
export function evaluate(documents: readonly PolicyDocument[], request: AccessRequest): Decision {
  const matching = documents.flatMap(statementsOf).filter((statement) => applies(statement, request));
  if (matching.some(({ Effect }) => Effect === 'Deny')) {
    return { denied: 'with an explicit deny in an identity-based policy' };
  }
  if (matching.some(({ Effect }) => Effect === 'Allow')) return 'allowed';
  return { denied: `because no identity-based policy allows the ${request.action} action` };
}

/** Throws at an element or operator that the evaluator does not know: better when a template is loaded than later. */
export function checkPolicy(document: PolicyDocument): void {
  for (const statement of statementsOf(document)) checkOperators(statement.Condition);
}

/** Whether a statement speaks of a request, be it to allow or to deny it. */
export function applies(statement: Statement, { action, resource, context }: AccessRequest): boolean {
  return (
    listOf(statement.Action).some((pattern) => matchesGlob(pattern.toLowerCase(), action.toLowerCase())) &&
    listOf(statement.Resource).some((pattern) => matchesGlob(pattern, resource)) &&
    satisfies(statement.Condition, context)
  );
}

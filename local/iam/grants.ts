import { type AccessRequest, applies } from './evaluate.ts';
import { listOf, matchesGlob, type PolicyDocument, type Statement, statementsOf } from './policy.ts';

/**
 * The smallest part of a role: one action on one resource, and, if a condition lists values, one of these values. Each
 * part could be removed separately.
 */
export interface Grant {
  readonly action: string;
  readonly resource: string;
  /** Such as `dynamodb:LeadingKeys` and `ACCOUNT#*`. */
  readonly condition?: { readonly key: string; readonly value: string };
  /** Whether a request needs this part. */
  isUsedBy(request: AccessRequest): boolean;
}

/** All grants of policies. */
export function grantsOf(policies: readonly PolicyDocument[]): Grant[] {
  return policies
    .flatMap(statementsOf)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(grantsOfStatement);
}

function grantsOfStatement(statement: Statement): Grant[] {
  const conditions = listedValues(statement);
  return listOf(statement.Action).flatMap((action) =>
    listOf(statement.Resource).flatMap((resource): Grant[] => {
      const needsPair = (request: AccessRequest): boolean =>
        matchesGlob(action.toLowerCase(), request.action.toLowerCase()) &&
        matchesGlob(resource, request.resource) &&
        applies(statement, request);
      if (conditions.length === 0) return [{ action, resource, isUsedBy: needsPair }];
      return conditions.map((condition) => ({
        action,
        resource,
        condition,
        isUsedBy: (request) =>
          needsPair(request) &&
          (request.context[condition.key] ?? []).some((value) => matchesGlob(condition.value, value)),
      }));
    }),
  );
}

/** The values in a statement's conditions, except `Null`, which only tests whether a key is present. */
function listedValues({ Condition = {} }: Statement): { key: string; value: string }[] {
  return Object.entries(Condition)
    .filter(([operator]) => operator !== 'Null')
    .flatMap(([, keys]) => Object.entries(keys))
    .flatMap(([key, values]) => listOf(values).map((value) => ({ key, value: String(value) })));
}

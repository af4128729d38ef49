import { type AccountId, parseAccountId } from '../../lambdas/shared/domain/ids.ts';
import type { Target } from './target.ts';

/** The account of `--account`, or else that of the local cloud. */
export function accountOf(given: AccountId | undefined, target: Target): AccountId {
  const accountId = given ?? parseAccountId(target.accountId);
  if (accountId !== undefined) return accountId;
  throw new Error('--account <id> is missing: the account of the customer');
}

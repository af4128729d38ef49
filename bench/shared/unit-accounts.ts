/** Endpoints of the units' webhooks, used in turn. */
export const ORIGINS = 8;
/** Accounts with one webhook: enough that no two events of a batch of ten are of the same one. */
const SMALL_ACCOUNTS = 40;

/** The endpoints of the accounts with one webhook each, and of one account for each of the other fan-outs. */
export function accountsWith(otherFanOuts: readonly number[]): number[][] {
  return [
    ...Array.from({ length: SMALL_ACCOUNTS }, (_, n) => [n % ORIGINS]),
    ...otherFanOuts.map((fanOut) => Array.from({ length: fanOut }, (_, n) => n % ORIGINS)),
  ];
}

/** Selects the accounts whose events have this fan-out. `accounts` are in the order of `accountsWith`. */
export function accountsOf<Account>(
  accounts: readonly Account[],
  otherFanOuts: readonly number[],
  fanOut: number,
): readonly Account[] {
  if (fanOut === 1) return accounts.slice(0, SMALL_ACCOUNTS);
  const index = SMALL_ACCOUNTS + otherFanOuts.indexOf(fanOut);
  return accounts.slice(index, index + 1);
}

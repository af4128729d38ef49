export const OPERATOR_PATHS = '/console/operator/';
export const ACCOUNTS_PATH = `${OPERATOR_PATHS}accounts`;
export const QUEUES_PATH = `${OPERATOR_PATHS}queues`;
export const ALARMS_PATH = `${OPERATOR_PATHS}alarms`;

/** Chooses the account, and shows a screen of it. Default: its webhooks. */
export function accountPath(accountId: string, screen?: string): string {
  const to = screen === undefined ? '' : `?${new URLSearchParams({ to: screen })}`;
  return `${ACCOUNTS_PATH}/${accountId}${to}`;
}

/**
 * Every execution environment has a session token of its own, as in AWS: it tells who of a function's
 * environments makes a call.
 */
const PREFIX = 'environment-';

export function sessionTokenOf(environment: number): string {
  return `${PREFIX}${environment}`;
}

/** Undefined for callers that are no environment, such as an operator. */
export function environmentOf(sessionToken: string | undefined): number | undefined {
  if (!sessionToken?.startsWith(PREFIX)) return undefined;
  const environment = Number(sessionToken.slice(PREFIX.length));
  return Number.isInteger(environment) ? environment : undefined;
}

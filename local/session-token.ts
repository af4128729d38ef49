/** Every execution environment has its own session token, which identifies the environment that makes a call. */
const PREFIX = 'environment-';

export function sessionTokenOf(environment: number): string {
  return `${PREFIX}${environment}`;
}

/** Undefined for other callers, such as an operator. */
export function environmentOf(sessionToken: string | undefined): number | undefined {
  if (!sessionToken?.startsWith(PREFIX)) return undefined;
  const environment = Number(sessionToken.slice(PREFIX.length));
  return Number.isInteger(environment) ? environment : undefined;
}

/** What a log line says of an error: its name and message, never its stack or what it carries. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : `${error.name}: ${error.message}`;
}

export function isAwsError(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

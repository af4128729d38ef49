const RATE = /^rate\((?<count>[1-9]\d*) (?<unit>minute|hour|day)s?\)$/;
const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** The milliseconds of a rate expression. Throws for a cron expression; `owner` is named in the error. */
export function parseRate(owner: string, expression: string): number {
  const { count, unit } = RATE.exec(expression)?.groups ?? {};
  if (count === undefined || unit === undefined) {
    throw new Error(
      `${owner}: the local cloud supports rate(<n> minutes), hours and days only; got ${expression}`,
    );
  }
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

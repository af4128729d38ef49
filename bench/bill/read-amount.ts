export interface Bounds {
  readonly min: number;
  readonly max?: number;
}

/** Reads a number such as `5000000`, `2k` (2,048) or `0.02`. Throws an error that names the option and the bounds. */
export function readAmount(name: string, text: string, { min, max }: Bounds): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(k?)$/i.exec(text) ?? [];
  const value = Number(digits ?? Number.NaN) * (unit === undefined || unit === '' ? 1 : 1024);
  if (value >= min && value <= (max ?? Number.POSITIVE_INFINITY)) return value;
  const range = max === undefined ? `from ${min}` : `from ${min} to ${max}`;
  throw new Error(`--${name} is "${text}"; expected: a number ${range}, such as 2000 or 2k.`);
}

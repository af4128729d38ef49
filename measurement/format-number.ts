/** Numbers as people read them in tables. */

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** @param share 0 to 1. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** How many times as much: `1.5×`, and whole numbers from 10 on. */
export function factor(times: number): string {
  return `${times >= 9.95 ? count(times) : times.toFixed(1)}×`;
}

/** Milliseconds below one second, else seconds. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return `${(ms / 1_000).toFixed(ms < 9_950 ? 1 : 0)} s`;
}

/** The seconds until an onset ended, or until no delivery was late. Infinity: it did not end in the measured time. */
export function seconds(value: number): string {
  return Number.isFinite(value) ? `${value} s` : 'did not end';
}

/** Two significant digits, rounded down: a documented limit must not be too high. */
export function roundedDown(value: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return count(Math.floor(value / unit) * unit);
}

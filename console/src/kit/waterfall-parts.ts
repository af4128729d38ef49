/** Parts of an attempt in milliseconds, as the API has them. Null: it did not take place, or was not measured. */
export interface Timing {
  readonly dns_ms: number | null;
  readonly connect_ms: number | null;
  readonly tls_ms: number | null;
  readonly first_byte_ms: number | null;
}

type PartId = 'dns' | 'connect' | 'tls' | 'first_byte' | 'rest';

export interface WaterfallPart {
  readonly id: PartId;
  /** From the beginning of the attempt. */
  readonly startMs: number;
  readonly ms: number;
}

/** Shorter rests are rounding. */
const MIN_REST_MS = 0.5;

/** The parts in their order, without those that took no time. `rest` is what the measured parts do not explain. */
export function waterfallParts(durationMs: number, timing: Timing): WaterfallPart[] {
  const measured: [PartId, number][] = [
    ['dns', timing.dns_ms ?? 0],
    ['connect', timing.connect_ms ?? 0],
    ['tls', timing.tls_ms ?? 0],
    ['first_byte', timing.first_byte_ms ?? 0],
  ];
  const rest = durationMs - measured.reduce((sum, [, ms]) => sum + ms, 0);
  if (rest >= MIN_REST_MS) measured.push(['rest', rest]);
  let startMs = 0;
  const parts: WaterfallPart[] = [];
  for (const [id, ms] of measured) {
    if (ms > 0) parts.push({ id, startMs, ms });
    startMs += ms;
  }
  return parts;
}

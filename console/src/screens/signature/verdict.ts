import { PARTS, VERDICT } from '../../texts/signature.ts';
import type { Report } from './check-signature.ts';

type Checked = Extract<Report, { kind: 'checked' }>;
/** `bad`: this part is wrong. `quiet`: nothing can be said about it. */
export type PartTone = 'ok' | 'warn' | 'bad' | 'quiet';
type Part = 'secret' | 'timestamp' | 'body';

const TONES: Readonly<Record<string, PartTone>> = {
  ...{ right: 'ok', previous: 'warn', old: 'warn', future: 'warn' },
  ...{ unknown: 'quiet', consistent: 'quiet' },
};

/** Every finding that is not listed is a fault. */
export function tonesOf(report: Checked): Readonly<Record<Part, PartTone>> {
  const toneOf = (finding: string): PartTone => TONES[finding] ?? 'bad';
  return {
    secret: toneOf(report.secret),
    timestamp: toneOf(report.timestamp),
    body: toneOf(report.body),
  };
}

/** The result in one sentence. */
export function verdictOf(report: Checked): { readonly title: string; readonly tone: 'ok' | 'bad' } {
  const tones = tonesOf(report);
  const wrong = (['secret', 'timestamp', 'body'] as const).filter((part) => tones[part] === 'bad');
  const [first] = wrong;
  if (first === undefined) {
    return report.body === 'right'
      ? { title: VERDICT.right, tone: 'ok' }
      : { title: VERDICT.unknown, tone: 'bad' };
  }
  if (wrong.length > 1) {
    return { title: VERDICT.several(wrong.map((part) => PARTS[part]).join(', ')), tone: 'bad' };
  }
  const isLikely = report.secret === 'likely-other';
  return { title: isLikely ? VERDICT.likelySecret : VERDICT[first], tone: 'bad' };
}

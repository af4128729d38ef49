import { signPlain, signStandard } from './hmac.ts';
import { whyBodySuspect } from './inspect-body.ts';
import { isMasked, type SignedHeaders } from './read-headers.ts';
import {
  type BodyChange,
  bodyVariants,
  type SecretChange,
  secretVariants,
  type TimestampChange,
  timestampVariants,
  type Variant,
} from './variants.ts';

/** Receivers refuse a request whose timestamp differs more from their clock, in seconds. */
const TOLERANCE_SECONDS = 300;

export interface Pasted {
  readonly headers: SignedHeaders;
  readonly body: string;
  readonly secret: string;
}

/** `previous`: the secret before a rotation, whose signatures end with the grace time. */
export type SecretFinding = 'right' | 'previous' | SecretChange | 'likely-other' | 'unknown';
export type BodyFinding = 'right' | BodyChange | ReturnType<typeof whyBodySuspect> | 'unknown';
export type TimestampFinding =
  | 'right'
  | 'old'
  | 'future'
  | TimestampChange
  | 'missing'
  | 'not-a-number'
  | 'unknown';

export type Report =
  /** Nothing to check: no signature, or the mask of the console's screens. */
  | { readonly kind: 'no-signature' | 'masked' }
  | {
      readonly kind: 'checked';
      readonly secret: SecretFinding;
      readonly timestamp: TimestampFinding;
      readonly body: BodyFinding;
      /** Milliseconds since 1970; undefined when the timestamp is not a number. */
      readonly signedAt: number | undefined;
    };

/** What is compared: as pasted, or as it may have been before it was changed. */
interface Attempt {
  readonly secret: Variant<SecretChange | 'right'>;
  readonly timestamp: Variant<TimestampChange | 'right'>;
  readonly body: Variant<BodyChange | 'right'>;
}

/** Says which of secret, timestamp and body is wrong. Nothing is sent. `now` is in milliseconds since 1970. */
export async function checkSignature(pasted: Pasted, now: number): Promise<Report> {
  const { headers } = pasted;
  if (isMasked(headers)) return { kind: 'masked' };
  if ((headers.hex ?? headers.previousHex ?? headers.standard[0]) === undefined)
    return { kind: 'no-signature' };

  const timestamp = headers.timestamp ?? headers.standardTimestamp;
  const signedAt =
    timestamp !== undefined && /^\d{1,15}$/.test(timestamp) ? Number(timestamp) * 1_000 : undefined;
  for (const attempt of attemptsOf(pasted, timestamp ?? '')) {
    const fit = await fitOf(headers, attempt);
    if (fit === undefined) continue;
    const { secret, body, timestamp: time } = attempt;
    return {
      kind: 'checked',
      signedAt,
      secret: secret.change === 'right' && fit === 'previous' ? 'previous' : secret.change,
      timestamp: time.change === 'right' ? ageOf(signedAt, now) : time.change,
      body: body.change,
    };
  }
  return { kind: 'checked', signedAt, ...likelyFindings(pasted, timestamp) };
}

/** The pasted values first, then with one of them changed, then with two. */
function attemptsOf({ headers, body, secret }: Pasted, timestamp: string): Attempt[] {
  const right = { change: 'right' } as const;
  const given: Attempt = {
    secret: { ...right, value: secret },
    timestamp: { ...right, value: timestamp },
    body: { ...right, value: body },
  };
  const secrets = [given.secret, ...secretVariants(secret)];
  const timestamps = [given.timestamp, ...timestampVariants(timestamp, headers.standardTimestamp)];
  const bodies = [given.body, ...bodyVariants(body)];
  const all = secrets.flatMap((one) =>
    timestamps.flatMap((two) => bodies.map((three) => ({ secret: one, timestamp: two, body: three }))),
  );
  const changes = (attempt: Attempt): number =>
    Object.values(attempt).filter(({ change }) => change !== 'right').length;
  return all.filter((attempt) => changes(attempt) <= 2).sort((a, b) => changes(a) - changes(b));
}

/** Whether a signature of the headers is that of these values. `previous`: only one that is not by the newest secret. */
async function fitOf(
  { hex, previousHex, standard, standardId, standardTimestamp }: SignedHeaders,
  { secret, timestamp, body }: Attempt,
): Promise<'newest' | 'previous' | undefined> {
  const plain = await signPlain(secret.value, timestamp.value, body.value);
  const time = timestamp.change === 'right' ? (standardTimestamp ?? timestamp.value) : timestamp.value;
  const ofStandard = await signStandard(secret.value, standardId ?? '', time, body.value);
  if (hex === plain || (ofStandard !== undefined && standard[0] === ofStandard)) return 'newest';
  return previousHex === plain || standard.some((one) => one === ofStandard) ? 'previous' : undefined;
}

function ageOf(signedAt: number | undefined, now: number): TimestampFinding {
  if (signedAt === undefined) return 'not-a-number';
  const age = now - signedAt;
  if (Math.abs(age) <= TOLERANCE_SECONDS * 1_000) return 'right';
  return age > 0 ? 'old' : 'future';
}

/** The findings when no signature matches: what is certainly wrong, and what is likely. */
function likelyFindings(
  { headers, body }: Pasted,
  timestamp: string | undefined,
): { secret: SecretFinding; timestamp: TimestampFinding; body: BodyFinding } {
  const suspect = whyBodySuspect(body, headers);
  const ofTimestamp =
    timestamp === undefined ? 'missing' : /^\d+$/.test(timestamp) ? 'unknown' : 'not-a-number';
  const isLikely = suspect === 'consistent' && ofTimestamp === 'unknown';
  return { secret: isLikely ? 'likely-other' : 'unknown', timestamp: ofTimestamp, body: suspect };
}

import type { components } from '../../api/schema.d.ts';
import type { Tone } from '../../kit/status.ts';
import { checkText, failureText, heldText } from '../../parts/attempt-text.ts';
import { CAUSE } from '../../texts/delivery.ts';
import { capital, sentence } from '../../texts/language.ts';

export type Delivery = components['schemas']['Delivery'];
export type Attempt = Delivery['attempts'][number];

export interface Cause {
  readonly tone: Tone;
  readonly what: string;
  /** What the API adds, in its own words. */
  readonly more?: string | undefined;
  /** What to do. */
  readonly check?: string | undefined;
}

type Outcome = Pick<Delivery, 'status' | 'reason' | 'attempts'>;

/** The result of the delivery and its cause. `isActive`: whether the webhook receives deliveries now. */
export function causeOf({ status, reason = '', attempts }: Outcome, isActive: boolean): Cause {
  const made = attempts.length;
  const last = attempts.at(-1);
  if (status === 'delivered') return { tone: 'ok', what: made > 1 ? CAUSE.later(made) : CAUSE.first };
  if (status === 'held') {
    const what = made === 0 ? CAUSE.held : CAUSE.heldAfter(made);
    return {
      tone: 'info',
      what,
      more: heldText(reason, isActive),
      check: isActive ? CAUSE.heldCheck : CAUSE.heldInactive,
    };
  }
  if (status === 'canceled') return { tone: 'quiet', what: CAUSE.canceled, more: sentence(reason) };
  const what = failuresText(attempts);
  const check = last && checkText(last);
  if (status === 'retrying') return { tone: 'warn', what, check };
  // A new status does not compile without a case.
  status satisfies 'exhausted';
  return { tone: 'bad', what: `${what} ${CAUSE.stopped}`.trim(), more: sentence(reason), check };
}

/** "Your server answered 500, four times." */
function failuresText(attempts: readonly Attempt[]): string {
  const last = attempts.at(-1);
  if (last === undefined) return '';
  // The times of two timeouts differ by some milliseconds.
  const isAlways = attempts.every(
    ({ error, response }) => error === last.error && response?.status === last.response?.status,
  );
  const failure = failureText(last);
  return isAlways ? CAUSE.always(capital(failure), attempts.length) : CAUSE.mixed(failure, attempts.length);
}

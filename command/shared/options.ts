import { InvalidArgumentError } from '@commander-js/extra-typings';
import {
  type AccountId,
  type DeliveryId,
  type EventId,
  parseAccountId,
  parseDeliveryId,
  parseEventId,
  parseRecoveryId,
  parseSessionId,
  parseWebhookId,
  type RecoveryId,
  type SessionId,
  type WebhookId,
} from '../../lambdas/shared/domain/ids.ts';

// Parsers of arguments and options. Commander adds the argument's name and its value to their messages.

/** Returns a parser of whole numbers in a range, both ends included. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

export const accountOption = (text: string): AccountId =>
  parseAccountId(text) ?? refuse('It must be 1-64 characters of A-Z a-z 0-9 _ -.');
export const eventIdOption = (text: string): EventId =>
  parseEventId(text) ?? refuse('It must be 1-64 characters of A-Z a-z 0-9 _ -.');
export const webhookOption = (text: string): WebhookId =>
  parseWebhookId(text) ?? refuse('It must be the id of a webhook, wh_….');
export const deliveryArgument = (text: string): DeliveryId =>
  parseDeliveryId(text) ?? refuse('It must be the id of a delivery, dlv_….');
export const recoveryOption = (text: string): RecoveryId =>
  parseRecoveryId(text) ?? refuse('It must be the id of a recovery, rcv_….');

export const sessionArgument = (text: string): SessionId =>
  parseSessionId(text) ?? refuse('It must be the id of a session, ses_….');

const DURATION_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A time in RFC 3339, or a duration before now such as `90m`, `6h` or `2d`. Returns RFC 3339. */
export function timeOption(text: string): string {
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const durationMs = DURATION_MS[unit];
  if (durationMs !== undefined) return new Date(Date.now() - Number(count) * durationMs).toISOString();
  if (/^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError(
    'It must be a time such as 2026-01-15T10:30:00Z, or a duration before now such as 30m, 6h or 2d.',
  );
}

/** A duration such as `30m` or `8h`. Returns seconds. */
export function durationOption(text: string): number {
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const durationMs = DURATION_MS[unit];
  if (durationMs !== undefined) return (Number(count) * durationMs) / 1000;
  throw new InvalidArgumentError('It must be a duration such as 30m or 8h.');
}

function refuse(expected: string): never {
  throw new InvalidArgumentError(expected);
}

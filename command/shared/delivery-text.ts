import { formatTable } from '../../measurement/text-table.ts';
import { plural, printable } from './text.ts';

// Texts of the API's deliveries. The API may be newer than this command: a field that is missing is shown as "-".

type Json = Readonly<Record<string, unknown>>;

export function deliveryTable(deliveries: readonly Json[]): string {
  if (deliveries.length === 0) return 'There are no deliveries.';
  const rows = deliveries.map((delivery) => [
    textOf(delivery.created),
    textOf(delivery.id),
    textOf(delivery.status),
    textOf(delivery.event_type),
    textOf(delivery.event_id),
    plural(attemptsOf(delivery).length, 'attempt'),
    textOf(lastReason(delivery), ''),
  ]);
  return formatTable({ rows, words: [0, 1, 2, 3, 4, 5, 6] }, 'text');
}

export function deliveryText(delivery: Json): string {
  const fields = ['id', 'status', 'reason', 'event_id', 'event_type', 'webhook_id', 'trigger', 'created']
    .concat('resend_of', 'resent_as', 'next_attempt_at')
    .filter((name) => delivery[name] !== undefined)
    .map((name) => [name, textOf(delivery[name])]);
  const attempts = attemptsOf(delivery).flatMap((attempt) => {
    const { number, at, duration_ms, reason, response } = attempt;
    const { status, body } = objectOf(response);
    const result = reason ?? (status === undefined ? 'no response' : `status ${status}`);
    const line = `attempt ${number}  ${textOf(at)}  ${Math.round(Number(duration_ms))} ms  ${textOf(result)}`;
    return typeof body === 'string' && body !== '' ? [line, `  response: ${printable(body)}`] : [line];
  });
  return [formatTable({ rows: fields, words: [0, 1] }, 'text'), ...attempts].join('\n');
}

export function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function attemptsOf(delivery: Json): Json[] {
  return listOf(delivery.attempts);
}

function lastReason(delivery: Json): unknown {
  return delivery.reason ?? attemptsOf(delivery).at(-1)?.reason;
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export function textOf(value: unknown, missing = '-'): string {
  return value === undefined || value === null ? missing : printable(String(value));
}

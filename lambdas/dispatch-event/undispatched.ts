import { asciiJson } from '../shared/domain/ascii-json.ts';
import type { QueueEntry } from '../shared/runtime/queues.ts';

/** What is kept of an event that can never be dispatched: enough to find its publisher. */
const EXCERPT_BYTES = 1024;

/** What lies on the undispatched queue: the reason first, then whatever ids can be read. */
export function undispatchedEntry(raw: unknown, reason: string): QueueEntry {
  const text = typeof raw === 'string' ? raw : textOf(raw);
  const bytes = Buffer.from(text);
  const detail = property(raw, 'detail');
  return {
    body: asciiJson({
      reason,
      bus_event_id: shortText(property(raw, 'id')),
      account_id: shortText(property(detail, 'account_id')),
      event_id: shortText(property(detail, 'id')),
      event_type: shortText(property(raw, 'detail-type')),
      bytes: bytes.length,
      excerpt: bytes.subarray(0, EXCERPT_BYTES).toString(),
    }),
  };
}

/** What is nested too deeply to be written is named without its payload. */
function textOf(raw: unknown): string {
  try {
    return JSON.stringify(raw) ?? 'undefined';
  } catch (error) {
    if (error instanceof RangeError) return 'an event that is nested too deeply to be shown';
    throw error;
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function shortText(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, 128) : undefined;
}

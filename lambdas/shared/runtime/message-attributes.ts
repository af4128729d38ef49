import { entryBytes, MAX_BATCH_BYTES, type QueueEntry } from './queues.ts';

/**
 * An entry with the body unchanged. Attributes are added in their order; undefined values are omitted, and so is an
 * attribute with which the message would exceed SQS's limit of 1 MiB.
 */
export function entryWithAttributes(
  body: string,
  attributes: Readonly<Record<string, string | undefined>>,
): QueueEntry {
  let entry: QueueEntry = { body };
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const longer: QueueEntry = { body, attributes: { ...entry.attributes, [name]: value } };
    if (entryBytes(longer) <= MAX_BATCH_BYTES) entry = longer;
  }
  return entry;
}

import { AwsError, type Json } from '../../aws-calls.ts';
import { duplicateEntryId, emptyBatch, invalidEntryId, tooManyEntries } from '../errors.ts';
import { readEntries, readText } from '../input.ts';
import { MAX_BATCH_ENTRIES } from '../limits.ts';

const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

/** The entries of a batch call. Throws `AwsError` if the batch as a whole is invalid. */
export function readBatch(input: Json): Json[] {
  const entries = readEntries(input);
  if (entries.length === 0) throw emptyBatch();
  if (entries.length > MAX_BATCH_ENTRIES) throw tooManyEntries(entries.length, MAX_BATCH_ENTRIES);
  const ids = new Set<string>();
  for (const entry of entries) {
    const id = readText(entry, 'Id');
    if (!ENTRY_ID.test(id)) throw invalidEntryId();
    if (ids.has(id)) throw duplicateEntryId(id);
    ids.add(id);
  }
  return entries;
}

/** Runs each entry separately: a failed entry does not affect the others. */
export function runBatch(entries: readonly Json[], run: (entry: Json) => Json): Json {
  const successful: Json[] = [];
  const failed: Json[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({
        Id: entry.Id,
        SenderFault: error.status < 500,
        Code: error.queryCode ?? error.code,
        Message: error.message,
      });
    }
  }
  return { Successful: successful, Failed: failed };
}

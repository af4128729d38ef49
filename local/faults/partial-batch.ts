import type { Json } from '../aws-calls.ts';

/** Whether the entry at that index of a batch fails. */
export type Fails = (index: number) => boolean;

/** A batch of which some entries fail. */
export interface PartialBatch {
  /** The call without the entries that fail; undefined when all of them fail. */
  readonly input: Json | undefined;
  /** The answer with the failed entries added. `output`: the service's answer, `{}` if it was not called. */
  readonly answer: (output: Json) => Json;
}

/** Undefined for an action whose entries cannot fail separately. */
export function makePartial(action: string, input: Json, fails: Fails): PartialBatch | undefined {
  switch (action) {
    case 'SendMessageBatch':
    case 'DeleteMessageBatch':
    case 'ChangeMessageVisibilityBatch':
      return partialBatch(input, fails);
    case 'PutEvents':
      return partialEvents(input, fails);
    case 'BatchWriteItem':
      return partialTables(input, fails, 'UnprocessedItems', listIn, (entries) => entries);
    case 'BatchGetItem':
      return partialTables(
        input,
        fails,
        'UnprocessedKeys',
        (table) => listIn(jsonIn(table).Keys),
        (Keys, table) => ({ ...jsonIn(table), Keys }),
      );
    default:
      return undefined;
  }
}

function partialBatch(input: Json, fails: Fails): PartialBatch {
  const { kept, failing } = split(listIn(input.Entries), fails);
  const failed = failing.map((entry) => ({
    Id: jsonIn(entry).Id,
    Code: 'ServiceUnavailable',
    Message: 'an injected fault fails this entry',
    SenderFault: false,
  }));
  return {
    input: kept.length === 0 ? undefined : { ...input, Entries: kept },
    answer: (output) => ({ ...output, Failed: [...listIn(output.Failed), ...failed] }),
  };
}

/** The answer of PutEvents has one result for each entry, in their order. */
function partialEvents(input: Json, fails: Fails): PartialBatch {
  const entries = listIn(input.Entries);
  const { kept, failing } = split(entries, fails);
  return {
    input: kept.length === 0 ? undefined : { ...input, Entries: kept },
    answer: (output) => {
      const results = listIn(output.Entries).values();
      const failed = {
        ErrorCode: 'InternalFailure',
        ErrorMessage: 'an injected fault fails this entry',
      };
      const FailedEntryCount = Number(output.FailedEntryCount ?? 0) + failing.length;
      return {
        FailedEntryCount,
        Entries: entries.map((_, index) => (fails(index) ? failed : results.next().value)),
      };
    },
  };
}

/** The index of an entry counts over all tables of the call. */
function partialTables(
  input: Json,
  fails: Fails,
  unprocessedField: 'UnprocessedItems' | 'UnprocessedKeys',
  entriesOf: (table: unknown) => unknown[],
  tableOf: (entries: unknown[], table: unknown) => unknown,
): PartialBatch {
  let count = 0;
  const kept: Json = {};
  const unprocessed: Json = {};
  for (const [name, table] of Object.entries(jsonIn(input.RequestItems))) {
    const start = count;
    const entries = entriesOf(table);
    count += entries.length;
    const parts = split(entries, (index) => fails(start + index));
    if (parts.kept.length > 0) kept[name] = tableOf(parts.kept, table);
    if (parts.failing.length > 0) unprocessed[name] = tableOf(parts.failing, table);
  }
  return {
    input: Object.keys(kept).length === 0 ? undefined : { ...input, RequestItems: kept },
    answer: (output) => ({
      ...output,
      [unprocessedField]: { ...jsonIn(output[unprocessedField]), ...unprocessed },
    }),
  };
}

function split(entries: readonly unknown[], fails: Fails): { kept: unknown[]; failing: unknown[] } {
  return {
    kept: entries.filter((_, index) => !fails(index)),
    failing: entries.filter((_, index) => fails(index)),
  };
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function jsonIn(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

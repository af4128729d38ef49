import type { Json } from '../aws-calls.ts';

/** Whether the entry at that index of a batch fails. */
export type Fails = (index: number) => boolean;

/** What is passed on, and how the answer tells of the rest. */
export interface Partial {
  /** Undefined when nothing is left to pass on. */
  readonly input: Json | undefined;
  readonly answer: (output: Json) => Json;
}

/** A call of which only some entries take effect; undefined for an action that is all or nothing. */
export function makePartial(action: string, input: Json, fails: Fails): Partial | undefined {
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

function partialBatch(input: Json, fails: Fails): Partial {
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

/** Its answer has one result for each entry, in their order. */
function partialEvents(input: Json, fails: Fails): Partial {
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

/** Entries are counted through all tables of the call. */
function partialTables(
  input: Json,
  fails: Fails,
  leftOver: 'UnprocessedItems' | 'UnprocessedKeys',
  entriesOf: (table: unknown) => unknown[],
  tableOf: (entries: unknown[], table: unknown) => unknown,
): Partial {
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
    answer: (output) => ({ ...output, [leftOver]: { ...jsonIn(output[leftOver]), ...unprocessed } }),
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

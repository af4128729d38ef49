import type { Json } from '../local/calls.ts';

/** Every third entry fails, the first one always. */
const fails = (_: unknown, index: number): boolean => index % 3 === 0;
const passes = (entry: unknown, index: number): boolean => !fails(entry, index);

/** What is passed on, and how the answer tells of the rest; undefined for an action that is all or nothing. */
export interface Partial {
  /** Undefined when nothing is left to pass on. */
  readonly input: Json | undefined;
  readonly answer: (output: Json) => Json;
}

export function makePartial(action: string, input: Json): Partial | undefined {
  switch (action) {
    case 'SendMessageBatch':
    case 'DeleteMessageBatch':
    case 'ChangeMessageVisibilityBatch':
      return partialEntries(input);
    case 'BatchWriteItem':
      return partialTables(input, 'UnprocessedItems', list, (entries) => entries);
    case 'BatchGetItem':
      return partialTables(
        input,
        'UnprocessedKeys',
        (table) => list(json(table).Keys),
        (Keys, table) => ({
          ...json(table),
          Keys,
        }),
      );
    case 'PutEvents': {
      const failed = { ErrorCode: 'InternalFailure', ErrorMessage: 'it failed' };
      const entries = list(input.Entries);
      return {
        input: undefined,
        answer: () => ({ FailedEntryCount: entries.length, Entries: entries.map(() => failed) }),
      };
    }
    default:
      return undefined;
  }
}

function partialEntries(input: Json): Partial {
  const entries = list(input.Entries);
  const rest = entries.filter(passes);
  const failed = entries.filter(fails).map((entry) => ({
    Id: json(entry).Id,
    Code: 'ServiceUnavailable',
    Message: 'try again',
    SenderFault: false,
  }));
  return {
    input: rest.length === 0 ? undefined : { ...input, Entries: rest },
    answer: (output) => ({ ...output, Failed: [...list(output.Failed), ...failed] }),
  };
}

function partialTables(
  input: Json,
  leftOver: string,
  entriesOf: (table: unknown) => unknown[],
  tableOf: (entries: unknown[], table: unknown) => unknown,
): Partial {
  const tables = Object.entries(json(input.RequestItems));
  const choose = (keep: (entry: unknown, index: number) => boolean): Json =>
    Object.fromEntries(
      tables
        .map(([name, table]): [string, unknown[], unknown] => [name, entriesOf(table).filter(keep), table])
        .filter(([, entries]) => entries.length > 0)
        .map(([name, entries, table]) => [name, tableOf(entries, table)]),
    );
  const rest = choose(passes);
  return {
    input: Object.keys(rest).length === 0 ? undefined : { ...input, RequestItems: rest },
    answer: (output) => ({ ...output, [leftOver]: choose(fails) }),
  };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function json(value: unknown): Json {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

import type { Stack } from '../assembly/stack.ts';
import type { AwsCall, Json } from '../aws-calls.ts';

/** Finds what the words of a fault mean in a stack; throws, with all that they could be, when they mean nothing. */
export interface Names {
  /** Names of the functions whose logical id holds the text; dots and spaces do not count. */
  functions(part: string): ReadonlySet<string>;
  /** The URL of a queue by its output, with or without `Queue`. */
  queueUrl(name: string): string;
  /** The URL of a queue or the name of a table, by its output. */
  resource(name: string): string;
}

export function createNames({ functions, outputs }: Pick<Stack, 'functions' | 'outputs'>): Names {
  const outputsEndingIn = (suffix: string): Map<string, string> =>
    new Map(
      Object.entries(outputs)
        .filter(([name]) => name.endsWith(suffix))
        .map(([name, value]) => [name.slice(0, -suffix.length), value]),
    );
  const queues = new Map([...outputsEndingIn('QueueUrl')].map(([name, url]) => [`${name}Queue`, url]));
  const tables = new Map([...outputsEndingIn('TableName')].map(([name, table]) => [`${name}Table`, table]));

  const find = (known: ReadonlyMap<string, string>, name: string, what: string): string => {
    const found = known.get(name) ?? known.get(`${name}Queue`) ?? known.get(`${name}Table`);
    if (found !== undefined) return found;
    throw new Error(`a fault names the ${what} "${name}"; there are ${[...known.keys()].join(', ')}`);
  };

  return {
    functions(part) {
      const wanted = part.replaceAll('.', '');
      const found = functions.filter(({ logicalId }) => logicalId.includes(wanted));
      if (found.length > 0) return new Set(found.map(({ name }) => name));
      const ids = functions.map(({ logicalId }) => logicalId).join(', ');
      throw new Error(`a fault names the function "${part}"; it must be part of one of ${ids}`);
    },
    queueUrl: (name) => find(queues, name, 'queue'),
    resource: (name) => find(new Map([...queues, ...tables]), name, 'queue or table'),
  };
}

/** The queue URL or the table names that a call is about. */
export function resourcesOf({ input }: AwsCall): readonly string[] {
  const { QueueUrl: queueUrl, TableName: table, RequestItems: tables } = input;
  return [queueUrl, table, ...Object.keys(isJson(tables) ? tables : {})].filter(
    (name) => typeof name === 'string',
  );
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

import { isJsonObject } from '../../lambdas/shared/domain/json-object.ts';
import type { Stack } from '../assembly/stack.ts';
import type { AwsCall } from '../aws-calls.ts';

/** Finds the functions, schedules and resources that a fault names. Throws with all known names when there is none. */
export interface ResourceNames {
  /** Names of the functions whose logical id contains the text. Dots in the text are ignored. */
  functions(part: string): ReadonlySet<string>;
  /**
   * The principals of calls: the names of the functions, and the ARNs of the schedules, whose logical id contains the
   * text.
   */
  callers(part: string): ReadonlySet<string>;
  /** The URL of a queue by the name of its output, with or without `Queue`. */
  queueUrl(name: string): string;
  /** The URL of a queue or the name of a table, by the name of its output. */
  resource(name: string): string;
}

export function createResourceNames({
  functions,
  busSchedules,
  outputs,
}: Pick<Stack, 'functions' | 'busSchedules' | 'outputs'>): ResourceNames {
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

  const findByPart = (known: ReadonlyMap<string, string>, part: string): ReadonlySet<string> => {
    const text = part.replaceAll('.', '');
    const found = [...known].filter(([logicalId]) => logicalId.includes(text));
    if (found.length > 0) return new Set(found.map(([, principal]) => principal));
    const ids = [...known.keys()].join(', ');
    throw new Error(`a fault names the function "${part}"; it must be part of one of ${ids}`);
  };
  const functionNames = new Map(functions.map(({ logicalId, name }) => [logicalId, name]));
  const scheduleArns = new Map(busSchedules.map(({ logicalId, arn }) => [logicalId, arn]));

  return {
    functions: (part) => findByPart(functionNames, part),
    callers: (part) => findByPart(new Map([...functionNames, ...scheduleArns]), part),
    queueUrl: (name) => find(queues, name, 'queue'),
    resource: (name) => find(new Map([...queues, ...tables]), name, 'queue or table'),
  };
}

/** The queue URL and the table names in a call. */
export function resourcesOf({ input }: AwsCall): readonly string[] {
  const { QueueUrl: queueUrl, TableName: table, RequestItems: tables } = input;
  return [queueUrl, table, ...Object.keys(isJsonObject(tables) ? tables : {})].filter(
    (name) => typeof name === 'string',
  );
}

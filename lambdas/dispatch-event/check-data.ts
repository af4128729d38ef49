import { createContext, Script } from 'node:vm';
import { errorFields } from '../shared/runtime/errors.ts';

/** An error that a generated validator reports: a part of ajv's error object. */
interface ValidatorError {
  readonly keyword: string;
  /** JSON Pointer into the data. */
  readonly instancePath: string;
  /** It contains text of the schema, never of the data. */
  readonly message?: string;
}

/** The validator of one event type, generated from its schema at synth. */
export interface DataValidator {
  readonly validate: {
    (data: unknown): boolean;
    errors?: readonly ValidatorError[] | null;
  };
  /** The names of properties that the schema contains. Only these appear in a path. */
  readonly names: readonly string[];
}

/** Validators by event type. A type without a validator is not checked. */
export type DataValidators = Readonly<Record<string, DataValidator>>;

export interface DataProblem {
  /** `unchecked`: the check took too long or failed, so that the result is not known. */
  readonly kind: 'invalid' | 'unchecked';
  /** JSON Pointer into the data, `*` for a name that the schema does not contain. Empty: the data as a whole. */
  readonly path: string;
  readonly why: string;
  /** Where a validator failed, when it is an error of its code. */
  readonly stack?: readonly string[];
}

export interface TypedData {
  readonly type: string;
  readonly data: unknown;
}

/** Returns the first problem of each item, or undefined, in their order. It never throws. */
export type CheckData = (items: readonly TypedData[]) => (DataProblem | undefined)[];

/**
 * The longest check of one event. A pattern of the schema may need exponential time (ReDoS), and the data may be large:
 * without a limit, one event would delay the others of its batch until the function's timeout.
 */
const CHECK_LIMIT_MS = 1_000;

/**
 * The limit is in wall-clock time. An item that used less CPU time than this part of it has waited for a CPU, and is
 * checked again. A Lambda function with 512 MB receives about 0.29 of a CPU.
 */
const MIN_CPU_SHARE = 0.1;
/** The most runs for one item. Without a limit, a machine without free CPU would repeat its check endlessly. */
const MAX_RUNS = 3;

const MAX_WHY_CHARACTERS = 256;

const TOO_SLOW: DataProblem = {
  kind: 'unchecked',
  path: '',
  why: `the check took more than ${CHECK_LIMIT_MS} ms; simplify the patterns of the schema`,
};

/** `limitMs` is the longest check of one event. */
export function createDataCheck(validators: DataValidators, limitMs = CHECK_LIMIT_MS): CheckData {
  const runLimited = createLimitedRunner(limitMs);
  return (items) => {
    const problems: (DataProblem | undefined)[] = items.map(() => undefined);
    const pending = items.flatMap(({ type, data }, index) => {
      const validator = Object.hasOwn(validators, type) ? validators[type] : undefined;
      return validator === undefined ? [] : [{ index, data, validator }];
    });
    let next = 0;
    let runs = 0;
    // One limited run checks all items, since each starts a thread of Node's. An item that takes too long ends the run.
    while (next < pending.length) {
      let startedAt: NodeJS.CpuUsage | undefined;
      const ended = runLimited(() => {
        for (let item = pending[next]; item !== undefined; item = pending[next]) {
          startedAt = process.threadCpuUsage();
          problems[item.index] = problemOf(item.validator, item.data);
          startedAt = undefined;
          next += 1;
        }
      });
      if (ended) break;
      runs += 1;
      const hasWaited = startedAt === undefined || cpuMsSince(startedAt) < limitMs * MIN_CPU_SHARE;
      if (hasWaited && runs < MAX_RUNS) continue;
      const slow = pending[next];
      if (slow !== undefined) problems[slow.index] = TOO_SLOW;
      next += 1;
      runs = 0;
    }
    return problems;
  };
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

function problemOf({ validate, names }: DataValidator, data: unknown): DataProblem | undefined {
  try {
    if (validate(data)) return undefined;
  } catch (error) {
    // The script's time limit ends the run and cannot be caught here. A recursive schema may use up the stack.
    const name = error instanceof Error ? error.name : 'unknown error';
    const { why: _, ...stack } = errorFields(error);
    return { kind: 'unchecked', path: '', why: `the check failed: ${name}`, ...stack };
  }
  // The errors of branches come before that of the keyword that combines them. That of `if` repeats another one.
  const error = validate.errors?.findLast(({ keyword }) => keyword !== 'if');
  return {
    kind: 'invalid',
    path: readablePath(error?.instancePath ?? '', data, names),
    why: (error?.message ?? 'it does not satisfy the schema').slice(0, MAX_WHY_CHARACTERS),
  };
}

/** Replaces names that only the data contains: they may be a customer's data, such as an e-mail address. */
function readablePath(pointer: string, data: unknown, names: readonly string[]): string {
  let value = data;
  const segments = pointer.split('/').slice(1);
  return segments
    .map((segment) => {
      const name = segment.replaceAll('~1', '/').replaceAll('~0', '~');
      const isIndex = Array.isArray(value);
      value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
      return isIndex || names.includes(name) ? `/${segment}` : '/*';
    })
    .join('');
}

/**
 * Returns a function that runs synchronous work and returns false when the time limit ended it. Only Node's `vm` can end
 * synchronous work, regular expressions included, in the same thread.
 */
function createLimitedRunner(limitMs: number): (work: () => void) => boolean {
  const context: { work: () => void } = { work: () => undefined };
  let script: Script | undefined;
  return (work) => {
    if (script === undefined) {
      createContext(context);
      script = new Script('work()');
    }
    context.work = work;
    try {
      script.runInContext(context, { timeout: limitMs });
      return true;
    } catch (error) {
      if (isTimeout(error)) return false;
      throw error;
    } finally {
      context.work = () => undefined;
    }
  };
}

/** The error comes from the script's context: it is not an instance of this context's `Error`. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}

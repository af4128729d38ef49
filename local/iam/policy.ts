/** The supported part of IAM's policy language. An unsupported element is an error that names it. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: Statement | readonly Statement[];
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, ConditionKeys>>;
}

/** Condition keys and their values. CDK writes booleans as strings; other templates may contain booleans. */
export type ConditionKeys = Readonly<Record<string, ConditionValue | readonly ConditionValue[]>>;
export type ConditionValue = string | boolean | number;

/** The condition keys of a request and their values. */
export type RequestContext = Readonly<Record<string, readonly string[]>>;

const DOCUMENT_ELEMENTS = ['Version', 'Id', 'Statement'];
const STATEMENT_ELEMENTS = ['Sid', 'Effect', 'Action', 'Resource', 'Condition'];

/** The statements of a document. Throws on an unsupported element. */
export function statementsOf(document: PolicyDocument): readonly Statement[] {
  refuseUnknown(Object.keys(document), DOCUMENT_ELEMENTS, 'policy element');
  const statements = listOf(document.Statement);
  for (const statement of statements) {
    refuseUnknown(Object.keys(statement), STATEMENT_ELEMENTS, 'statement element');
    if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
      throw new Error(`IAM: Effect must be Allow or Deny, got ${JSON.stringify(statement.Effect)}`);
    }
  }
  return statements;
}

export function listOf<T>(value: T | readonly T[]): readonly T[] {
  return isList(value) ? value : [value];
}

/** `*` matches any characters and `?` one character. Throws on a policy variable. */
export function matchesGlob(pattern: string, text: string): boolean {
  const compiled = expressions.get(pattern);
  if (compiled !== undefined) return compiled.test(text);
  const expression = compileGlob(pattern);
  expressions.set(pattern, expression);
  return expression.test(text);
}

/** Compiled patterns. Only policies contain patterns, so there are few. */
const expressions = new Map<string, RegExp>();

function compileGlob(pattern: string): RegExp {
  if (pattern.includes('${')) throw new Error(`IAM: policy variables are not supported: ${pattern}`);
  const source = pattern.replace(/[\s\S]/g, (character) => {
    if (character === '*') return '.*';
    return character === '?' ? '.' : character.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}

function refuseUnknown(names: readonly string[], known: readonly string[], kind: string): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Error(`IAM: unknown ${kind} ${unknown}; the local cloud supports ${known.join(', ')}`);
  }
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

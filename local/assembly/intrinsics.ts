import { isJsonObject } from '../../lambdas/shared/domain/json-object.ts';
/** Resolves references. Each function throws for an unknown name. */
export interface Scope {
  ref(name: string): string;
  attribute(logicalId: string, attribute: string): string;
}

/** `Ref: AWS::NoValue` removes the property or list entry whose value it is. */
const NO_VALUE = 'AWS::NoValue';
const REMOVED = Symbol('removed');

const SUB_PLACEHOLDER = /\$\{(!?)([^}]+)\}/g;

/** Replaces every CloudFormation intrinsic in a JSON value. Throws an error that names the first unknown one. */
export function resolveIntrinsics(value: unknown, scope: Scope): unknown {
  const resolved = resolve(value, scope);
  return resolved === REMOVED ? undefined : resolved;
}

function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value))
    return value.map((item) => resolve(item, scope)).filter((item) => item !== REMOVED);
  if (!isJsonObject(value)) return value;
  const [only, ...others] = Object.keys(value);
  if (only !== undefined && others.length === 0 && isIntrinsic(only)) {
    return resolveIntrinsic(only, value[only], scope);
  }
  const entries = Object.entries(value).map(([key, item]) => [key, resolve(item, scope)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== REMOVED));
}

function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function resolveIntrinsic(name: string, argument: unknown, scope: Scope): unknown {
  switch (name) {
    case 'Ref':
      return argument === NO_VALUE ? REMOVED : scope.ref(text(name, argument));
    case 'Fn::GetAtt':
      return getAttribute(argument, scope);
    case 'Fn::Join': {
      const [separator, parts] = list(name, argument);
      return list(name, resolve(parts, scope))
        .map((part) => text(name, part))
        .join(text(name, separator));
    }
    case 'Fn::Split': {
      const [separator, whole] = list(name, argument);
      return text(name, resolve(whole, scope)).split(text(name, separator));
    }
    case 'Fn::Select': {
      const [index, items] = list(name, argument);
      const selected = list(name, resolve(items, scope))[Number(index)];
      if (selected === undefined) throw new Error(`Fn::Select: the list has no item ${String(index)}`);
      return selected;
    }
    case 'Fn::GetAZs': {
      const region = text(name, resolve(argument, scope)) || scope.ref('AWS::Region');
      return ['a', 'b', 'c'].map((zone) => region + zone);
    }
    case 'Fn::Sub':
      return substitute(argument, scope);
    default:
      throw new Error(
        `the local cloud does not support the intrinsic "${name}"; add it to local/assembly/intrinsics.ts`,
      );
  }
}

function getAttribute(argument: unknown, scope: Scope): string {
  const parts = typeof argument === 'string' ? argument.split('.') : list('Fn::GetAtt', argument);
  const [logicalId, ...attribute] = parts.map((part) => text('Fn::GetAtt', part));
  if (logicalId === undefined || attribute.length === 0) throw unreadable('Fn::GetAtt', argument);
  return scope.attribute(logicalId, attribute.join('.'));
}

function substitute(argument: unknown, scope: Scope): string {
  const [template, replacements] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = resolve(replacements, scope);
  return text('Fn::Sub', template).replace(SUB_PLACEHOLDER, (_match, literal: string, name: string) => {
    if (literal !== '') return `\${${name}}`;
    if (isJsonObject(variables) && name in variables) return text('Fn::Sub', variables[name]);
    return name.includes('.') ? getAttribute(name, scope) : scope.ref(name);
  });
}

function text(intrinsic: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw unreadable(intrinsic, value);
}

function list(intrinsic: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw unreadable(intrinsic, value);
}

function unreadable(intrinsic: string, value: unknown): Error {
  return new Error(
    `${intrinsic}: ${JSON.stringify(value)} is not a valid argument; see its CloudFormation reference`,
  );
}

import { isJsonObject } from '../../lambdas/shared/domain/json-object.ts';
import { compileOperator, type Test } from './operators.ts';

/** Whether an event matches. */
export type Matcher = (event: unknown) => boolean;

/**
 * Compiles an EventBridge event pattern. Every field must match, and one of a field's alternatives. A list in the event
 * matches if one of its members does. An absent field matches only `exists: false`. Throws an error that names the first
 * unknown operator.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compilePattern(pattern: unknown, path = '$'): Matcher {
  if (!isJsonObject(pattern))
    throw new Error(`event pattern: ${path} must be an object, got ${JSON.stringify(pattern)}`);
  const fields = Object.entries(pattern).map(([name, value]) =>
    name === '$or' ? compileAlternatives(value, path) : compileField(name, value, `${path}.${name}`),
  );
  return (event) => fields.every((matches) => matches(event));
}

function compileAlternatives(patterns: unknown, path: string): Matcher {
  if (!Array.isArray(patterns) || patterns.length < 2) {
    throw new Error(`event pattern: ${path}.$or must be a list of two or more patterns`);
  }
  const alternatives = patterns.map((one, index) => compilePattern(one, `${path}.$or[${index}]`));
  return (event) => alternatives.some((matches) => matches(event));
}

function compileField(name: string, condition: unknown, path: string): Matcher {
  if (Array.isArray(condition)) {
    if (condition.length === 0) throw new Error(`event pattern: ${path} must name at least one value`);
    const tests = condition.map((one) => compileOperator(one, path));
    return (event) => tests.some((test) => fieldMatches(test, fieldOf(event, name)));
  }
  const nested = compilePattern(condition, path);
  return (event) => {
    const value = fieldOf(event, name);
    return Array.isArray(value) ? value.some(nested) : nested(value);
  };
}

/** Tests an absent field as `undefined`, and also an object where the pattern has a list. */
function fieldMatches(test: Test, value: unknown): boolean {
  if (Array.isArray(value))
    return value.length === 0 ? test(undefined) : value.some((member) => test(member));
  return test(isJsonObject(value) ? undefined : value);
}

function fieldOf(event: unknown, name: string): unknown {
  return isJsonObject(event) && Object.hasOwn(event, name) ? event[name] : undefined;
}

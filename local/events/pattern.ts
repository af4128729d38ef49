import { compileOperator, isRecord, type Test } from './operators.ts';

/** Whether an event fits. */
export type Matcher = (event: unknown) => boolean;

/**
 * Compiles an EventBridge event pattern. A field that is missing from the event fits only `exists: false`;
 * where the event has a list, one fitting member is enough; fields all have to fit, and of a field's
 * alternatives one. Throws at an operator that it does not know, and names it.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compilePattern(pattern: unknown, path = '$'): Matcher {
  if (!isRecord(pattern))
    throw new Error(`event pattern: ${path} must be an object, got ${JSON.stringify(pattern)}`);
  const fields = Object.entries(pattern).map(([name, wanted]) =>
    name === '$or' ? compileAlternatives(wanted, path) : compileField(name, wanted, `${path}.${name}`),
  );
  return (event) => fields.every((fits) => fits(event));
}

function compileAlternatives(wanted: unknown, path: string): Matcher {
  if (!Array.isArray(wanted) || wanted.length < 2) {
    throw new Error(`event pattern: ${path}.$or must be a list of two or more patterns`);
  }
  const alternatives = wanted.map((one, index) => compilePattern(one, `${path}.$or[${index}]`));
  return (event) => alternatives.some((fits) => fits(event));
}

function compileField(name: string, wanted: unknown, path: string): Matcher {
  if (Array.isArray(wanted)) {
    if (wanted.length === 0) throw new Error(`event pattern: ${path} must name at least one value`);
    const tests = wanted.map((one) => compileOperator(one, path));
    return (event) => tests.some((test) => fitsField(test, fieldOf(event, name)));
  }
  const nested = compilePattern(wanted, path);
  return (event) => {
    const value = fieldOf(event, name);
    return Array.isArray(value) ? value.some(nested) : nested(value);
  };
}

/** A missing field is `undefined`, and so is an object where the pattern has a list: neither is a value. */
function fitsField(test: Test, value: unknown): boolean {
  if (Array.isArray(value))
    return value.length === 0 ? test(undefined) : value.some((member) => test(member));
  return test(isRecord(value) ? undefined : value);
}

function fieldOf(event: unknown, name: string): unknown {
  return isRecord(event) && Object.hasOwn(event, name) ? event[name] : undefined;
}

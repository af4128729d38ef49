/** The context that dynalite's parsers of expressions receive with the text. */
export interface ParserContext {
  readonly attrNames?: Readonly<Record<string, string>> | undefined;
  readonly attrVals?: Readonly<Record<string, AttributeValue>> | undefined;
  /** The parser deletes the names and values that the expression uses. */
  readonly unusedAttrNames: Record<string, true>;
  readonly unusedAttrVals: Record<string, true>;
  readonly isKeyCondition?: boolean;
}

type AttributeValue = Readonly<Record<string, unknown>>;
export type Parse = (text: string, options: { readonly context: ParserContext }) => unknown;

interface Parsed {
  /** Makes the parser's result with these values. */
  readonly withValues: (values: Readonly<Record<string, AttributeValue>>) => unknown;
  readonly usedNames: readonly string[];
  readonly usedValues: readonly string[];
}

/** The functions of a deployment have far fewer expressions. */
const MAX_EXPRESSIONS = 1_000;
/** The parser compares or checks the values of these operands. Of all other values it reads only the type. */
const READS_VALUES = /between|attribute_type/i;

/**
 * Returns a parser that parses each expression once for the same names and the same types of values. dynalite's parsers
 * try each alternative again at each level, so an ordinary condition of a write takes longer than the write.
 */
export function parseOnce(parse: Parse): Parse {
  const cache = new Map<string, Parsed>();
  return (text, options) => {
    const { context } = options;
    const { attrNames = {}, attrVals = {} } = context;
    if (READS_VALUES.test(text)) return parse(text, options);
    const types = Object.entries(attrVals).map(([name, value]) => [name, Object.keys(value)]);
    const key = JSON.stringify([text, context.isKeyCondition ?? false, attrNames, types]);
    const known = cache.get(key);
    const parsed = known ?? parseAll(parse, text, { ...context, attrNames, attrVals });
    // A text is an error message. Let dynalite's parser produce it by a complete parse.
    if (typeof parsed === 'string') return parse(text, options);
    if (known === undefined) {
      if (cache.size >= MAX_EXPRESSIONS) cache.clear();
      cache.set(key, parsed);
    }
    for (const name of parsed.usedNames) delete context.unusedAttrNames[name];
    for (const name of parsed.usedValues) delete context.unusedAttrVals[name];
    return parsed.withValues(attrVals);
  };
}

/** Throws what the parser throws. Returns its message when the expression is not allowed. */
function parseAll(
  parse: Parse,
  text: string,
  context: ParserContext & {
    readonly attrNames: Readonly<Record<string, string>>;
    readonly attrVals: Readonly<Record<string, AttributeValue>>;
  },
): Parsed | string {
  const { attrNames } = context;
  // Copy each value: the parse result contains these objects, and `copyWith` finds them by identity.
  const attrVals = Object.fromEntries(
    Object.entries(context.attrVals).map(([name, value]) => [name, { ...value }]),
  );
  const unusedAttrNames = allOf(attrNames);
  const unusedAttrVals = allOf(attrVals);
  const result = parse(text, { context: { ...context, attrVals, unusedAttrNames, unusedAttrVals } });
  if (typeof result === 'string') return result;
  const nameOfValue = new Map<unknown, string>(
    Object.entries(attrVals).map(([name, value]) => [value, name]),
  );
  return {
    withValues: (values) => copyWith(result, nameOfValue, values),
    usedNames: Object.keys(attrNames).filter((name) => !(name in unusedAttrNames)),
    usedValues: Object.keys(attrVals).filter((name) => !(name in unusedAttrVals)),
  };
}

function allOf(names: Readonly<Record<string, unknown>>): Record<string, true> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, true]));
}

function copyWith(
  node: unknown,
  nameOfValue: ReadonlyMap<unknown, string>,
  values: Readonly<Record<string, AttributeValue>>,
): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const name = nameOfValue.get(node);
  if (name !== undefined) return values[name];
  if (Array.isArray(node)) return node.map((child) => copyWith(child, nameOfValue, values));
  // Without a prototype, like the maps of paths that the parsers create: an attribute may be called `constructor`.
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, child] of Object.entries(node)) copy[key] = copyWith(child, nameOfValue, values);
  return copy;
}

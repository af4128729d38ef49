/** A metric math expression as a tree. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  /** The id of another query, or a word that a function takes, such as `REPEAT`. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'negative'; readonly of: Expression }
  | {
      readonly kind: 'operation';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };

/** From the weakest to the strongest. */
const LEVELS = [['OR'], ['AND'], ['==', '!=', '<=', '>=', '<', '>'], ['+', '-'], ['*', '/'], ['^']] as const;
export type Operator = (typeof LEVELS)[number][number];

const ALIASES: Readonly<Record<string, string>> = { '||': 'OR', '&&': 'AND' };
const TOKEN = /\s*(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|[A-Za-z]\w*|\|\||&&|[=!<>]=|[-+*/^<>(),[\]])/y;

/** Parses CloudWatch's metric math. Throws an error that names the part that it cannot read. */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  let position = 0;
  const peek = (): string | undefined => tokens[position];
  const take = (expected?: string): string => {
    const token = tokens[position];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(
        `metric math "${text}": expected ${expected ?? 'a value'}, got ${token === undefined ? 'the end' : `"${token}"`}`,
      );
    }
    position++;
    return token;
  };

  const readLevel = (level: number): Expression => {
    const operators: readonly Operator[] | undefined = LEVELS[level];
    if (operators === undefined) return readUnary();
    let left = readLevel(level + 1);
    for (;;) {
      const token = peek();
      const operator = operators.find((one) => one === token);
      if (operator === undefined) return left;
      position++;
      left = { kind: 'operation', operator, left, right: readLevel(level + 1) };
    }
  };

  const readUnary = (): Expression => {
    if (peek() !== '-') return readValue();
    position++;
    return { kind: 'negative', of: readUnary() };
  };

  const readValue = (): Expression => {
    const token = take();
    if (token === '(') {
      const inner = readLevel(0);
      take(')');
      return inner;
    }
    if (token === '[') return { kind: 'list', items: readItems(']') };
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (!/^[A-Za-z]/.test(token)) throw new Error(`metric math "${text}": "${token}" is not a value`);
    if (peek() !== '(') return { kind: 'name', name: token };
    position++;
    return { kind: 'call', name: token, arguments: readItems(')') };
  };

  const readItems = (end: string): Expression[] => {
    const items: Expression[] = [];
    while (peek() !== end) {
      if (items.length > 0) take(',');
      items.push(readLevel(0));
    }
    take(end);
    return items;
  };

  const whole = readLevel(0);
  const rest = peek();
  if (rest !== undefined) throw new Error(`metric math "${text}": unexpected "${rest}"`);
  return whole;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const start = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined)
      throw new Error(`metric math "${text}": cannot read "${text.slice(start).trim()}"`);
    tokens.push(ALIASES[token] ?? token);
  }
  return tokens;
}

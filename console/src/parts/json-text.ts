/** A string, a mark of structure, or a number or word. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;
const INDENT = '  ';

/**
 * The JSON text with line breaks and indentation. Its values are not changed: a parser would round large numbers and drop
 * repeated names. Undefined for a text that is not JSON.
 */
export function prettyJson(text: string): string | undefined {
  if (!isJson(text)) return undefined;
  let depth = 0;
  let pretty = '';
  let before = '';
  for (const [token] of text.matchAll(TOKENS)) {
    const isEnd = token === '}' || token === ']';
    if (isEnd) depth--;
    const isEmpty = isEnd && (before === '{' || before === '[');
    const startsLine = (isEnd && !isEmpty) || (!isEnd && '{[,'.includes(before) && before !== '');
    pretty += (startsLine ? `\n${INDENT.repeat(depth)}` : before === ':' ? ' ' : '') + token;
    if (token === '{' || token === '[') depth++;
    before = token;
  }
  return pretty;
}

/** The text of a member of the object that the JSON text has, exactly as it was written. Undefined: there is none. */
export function memberText(text: string, name: string): string | undefined {
  let depth = 0;
  let key = '';
  let start: number | undefined;
  for (const match of text.matchAll(TOKENS)) {
    const [token] = match;
    const isEnd = token === '}' || token === ']';
    if (start !== undefined && depth === 1 && (token === ',' || isEnd))
      return text.slice(start, match.index).trim();
    if (isEnd) depth--;
    if (token === '{' || token === '[') depth++;
    if (depth !== 1 || start !== undefined) continue;
    if (token === ':' && key === name) start = match.index + 1;
    else if (token.startsWith('"')) key = JSON.parse(token) as string;
  }
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

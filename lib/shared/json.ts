import { accept, type ParseResult, refuse, show } from './input.ts';

/** As JSON.parse, but refuses an object with the same key twice, of which JSON.parse uses the last value. */
export function parseJson(text: string): ParseResult<unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const key = findRepeatedKey(text);
  return key === undefined ? accept(value) : refuse(`it has the key ${show(key)} twice`);
}

/** @param text valid JSON: a string before a colon is a key. */
function findRepeatedKey(text: string): string | undefined {
  const objects: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') objects.push(new Set());
    else if (character === '}' || character === ']') objects.pop();
    else if (character === '"') {
      const start = at;
      at = endOfString(text, start);
      if (!isBeforeColon(text, at)) continue;
      // "a" and "\u0061" are the same key.
      const name = String(JSON.parse(text.slice(start, at + 1)));
      const names = objects.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
}

/** The index of the quote that ends the string which starts at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function isBeforeColon(text: string, quote: number): boolean {
  let at = quote + 1;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return text[at] === ':';
}

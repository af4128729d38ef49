/** The beginning of every response of HTTP/1. `#` is any digit. */
const STATUS_LINE = 'HTTP/1.# ###';
const STATUS_AT = STATUS_LINE.indexOf('###');
const SWITCHING_PROTOCOLS = 101;

const CR = 0x0d;
const LF = 0x0a;
const ZERO = 0x30;
const NINE = 0x39;
const ANY_DIGIT = '#'.charCodeAt(0);

export type Head =
  /** More bytes are needed. */
  | { readonly kind: 'incomplete' }
  /** The bytes are not the start of a response of HTTP/1. */
  | { readonly kind: 'other' }
  /** `length` includes the empty line at the end. 101 is final: no other response follows. */
  | { readonly kind: 'interim' | 'final'; readonly length: number };

const INCOMPLETE: Head = { kind: 'incomplete' };
const OTHER: Head = { kind: 'other' };

/** Finds the head of a response at the start of `bytes`. */
export function findHead(bytes: Buffer): Head {
  const start = skipLineBreaks(bytes);
  for (let i = 0; i < STATUS_LINE.length; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) return INCOMPLETE;
    if (!matches(byte, STATUS_LINE.charCodeAt(i))) return OTHER;
  }
  const length = endOfHead(bytes, start);
  if (length === undefined) return INCOMPLETE;
  const status = Number(bytes.toString('latin1', start + STATUS_AT, start + STATUS_LINE.length));
  const isInterim = status >= 100 && status < 200 && status !== SWITCHING_PROTOCOLS;
  return { kind: isInterim ? 'interim' : 'final', length };
}

/** Matches a folded line, a line that ends with LF alone or with white space, and two Content-Length headers. */
const ODD_LINES = /\n[ \t]|(?<!\r)\n|[ \t]\r?\n|\ncontent-length:.*\ncontent-length:/is;
const CONTENT_LENGTH = /^content-length:[ \t]*(.*)$/i;

/**
 * The head in the form that undici's parser accepts; undefined when it already has that form. HTTP allows other forms:
 * folded lines are joined (RFC 9112, section 5.2), a line may end with LF alone (section 2.2), white space after a value
 * is removed (section 5.1), and the same length may be repeated (RFC 9110, section 8.6).
 */
export function normalizeHead(head: string): string | undefined {
  if (!ODD_LINES.test(head)) return undefined;
  const lengths = new Set<string>();
  const lines = unfold(head).filter((line) => {
    const length = CONTENT_LENGTH.exec(line)?.[1];
    if (length === undefined) return true;
    const isNew = !lengths.has(length);
    lengths.add(length);
    return isNew;
  });
  return lines.join('\r\n');
}

function unfold(head: string): string[] {
  const lines: string[] = [];
  for (const line of head.split('\n')) {
    const isFolded = line.startsWith(' ') || line.startsWith('\t');
    const text = trimEnd(line);
    if (isFolded && lines.length > 0) lines.push(`${lines.pop()} ${text.trimStart()}`);
    else lines.push(text);
  }
  return lines;
}

/** Removes only white space as defined by HTTP: other bytes may be part of a UTF-8 character. */
function trimEnd(line: string): string {
  let end = line.length;
  while (end > 0 && ' \t\r'.includes(line.charAt(end - 1))) end--;
  return line.slice(0, end);
}

/** Skips line breaks before the status line, like undici's parser. */
function skipLineBreaks(bytes: Buffer): number {
  let start = 0;
  while (bytes[start] === CR || bytes[start] === LF) start++;
  return start;
}

function matches(byte: number, expected: number): boolean {
  return expected === ANY_DIGIT ? byte >= ZERO && byte <= NINE : byte === expected;
}

/** The position after the empty line that ends the head. */
function endOfHead(bytes: Buffer, start: number): number | undefined {
  for (let lf = bytes.indexOf(LF, start); lf !== -1; lf = bytes.indexOf(LF, lf + 1)) {
    if (bytes[lf + 1] === LF) return lf + 2;
    if (bytes[lf + 1] === CR && bytes[lf + 2] === LF) return lf + 3;
  }
  return undefined;
}

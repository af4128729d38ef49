import { stripVTControlCharacters } from 'node:util';
import { escapeXml } from '../measurement/escape-xml.ts';

/** A line of a terminal and when it was printed. */
export interface RecordedLine {
  /** Milliseconds since the recording began. Not smaller than that of the line before. */
  readonly atMs: number;
  readonly text: string;
}

/** Longer lines are continued on the next row, at the column where the last cell of the line begins. */
const MAX_COLUMNS = 108;
/** Longer pauses are shortened to this. The printed times stay as they were. */
const MAX_PAUSE_MS = 1_500;

const FONT_SIZE = 14;
const COLUMN_WIDTH = 8.43;
const ROW_HEIGHT = 20;
const PADDING = 20;
const TITLE_HEIGHT = 32;

/** `<time> s  <who>  <what>`, as `npm start` prints it. */
export const EVENT_LINE = /^(?<time>\s*\d+\.\d+ s {2})(?<who>\S+\s+)(?<what>.*)$/;
const STATUS = /\b(?:answered|status) (?<code>\d{3})\b|\bis active\b/;

interface Span {
  readonly style: string;
  readonly text: string;
}

interface Row {
  readonly atMs: number;
  readonly spans: readonly Span[];
}

/**
 * Renders a recording as an SVG that plays once. A viewer without CSS animations, or with reduced motion, shows the
 * last state. Control sequences of the terminal are removed; the styles come from the form of the lines.
 */
export function renderTerminal(title: string, lines: readonly RecordedLine[]): string {
  const rows = withShortPauses(lines).flatMap(rowsOf);
  const width = Math.ceil(MAX_COLUMNS * COLUMN_WIDTH + 2 * PADDING);
  const height = TITLE_HEIGHT + rows.length * ROW_HEIGHT + PADDING;
  const texts = rows.map(({ atMs, spans }, index) => {
    const y = TITLE_HEIGHT + (index + 1) * ROW_HEIGHT;
    const content = spans
      .map(({ style, text }) => `<tspan class="${style}">${escapeXml(text)}</tspan>`)
      .join('');
    return `  <text x="${PADDING}" y="${y}" style="animation-delay:${(atMs / 1000).toFixed(2)}s">${content}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">
  <style>
    text { font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre; fill: #e6edf3; animation: show 1ms both; }
    .dim { fill: #8b949e; } .bold { font-weight: 600; } .who { fill: #79c0ff; } .good { fill: #56d364; } .bad { fill: #ff7b72; }
    @keyframes show { from { opacity: 0; } to { opacity: 1; } }
    @media (prefers-reduced-motion: reduce) { text { animation: none; } }
  </style>
  <rect width="${width}" height="${height}" rx="8" fill="#0d1117" stroke="#30363d"/>
  <g fill="#30363d"><circle cx="20" cy="18" r="6"/><circle cx="40" cy="18" r="6"/><circle cx="60" cy="18" r="6"/></g>
${texts.join('\n')}
</svg>
`;
}

function withShortPauses(lines: readonly RecordedLine[]): RecordedLine[] {
  let [shownAtMs, printedAtMs] = [0, 0];
  return lines.map(({ atMs, text }) => {
    shownAtMs += Math.min(atMs - printedAtMs, MAX_PAUSE_MS);
    printedAtMs = atMs;
    return { atMs: shownAtMs, text: stripVTControlCharacters(text) };
  });
}

function rowsOf({ atMs, text }: RecordedLine): Row[] {
  const { time = '', who = '', what } = EVENT_LINE.exec(text)?.groups ?? {};
  if (what === undefined) {
    const style = text.startsWith('$ ') ? 'dim' : 'bold';
    return wrap(text, MAX_COLUMNS).map((part) => ({ atMs, spans: [{ style, text: part }] }));
  }
  const indent = time.length + who.length;
  const [code, style] = statusOf(what);
  return wrap(what, MAX_COLUMNS - indent).map((part, index) => {
    const start: Span[] =
      index === 0
        ? [
            { style: 'dim', text: time },
            { style: 'who', text: who },
          ]
        : [{ style: 'dim', text: ' '.repeat(indent) }];
    return { atMs, spans: [...start, ...highlight(part, code, style)] };
  });
}

/** The words for the result of a step, and their style. */
function statusOf(what: string): [words: string, style: string] {
  const found = STATUS.exec(what);
  if (found === null) return ['', ''];
  const code = found.groups?.code ?? '200';
  return [found[0], code.startsWith('2') ? 'good' : 'bad'];
}

function highlight(text: string, words: string, style: string): Span[] {
  const at = words === '' ? -1 : text.indexOf(words);
  if (at === -1) return [{ style: 'plain', text }];
  const end = at + words.length;
  return [
    { style: 'plain', text: text.slice(0, at) },
    { style, text: words },
    { style: 'plain', text: text.slice(end) },
  ].filter((span) => span.text !== '');
}

/** Breaks a text at spaces. A word that is longer than a row is not broken. */
function wrap(text: string, columns: number): string[] {
  const rows: string[] = [];
  let remaining = text;
  while (remaining.length > columns) {
    const space = remaining.lastIndexOf(' ', columns);
    if (space <= 0) break;
    rows.push(remaining.slice(0, space));
    remaining = remaining.slice(space + 1);
  }
  return [...rows, remaining];
}

import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

/** A log line has at most this many frames of a stack. */
const MAX_FRAMES = 10;

/** One line of V8's stack: `    at name (file:line:column)`, or without the name and the parentheses, then perhaps `async`. */
const FRAME = /^ {4}at (?:.* \(|async )?(.+):(\d+):(\d+)\)?$/;

/** The part of a path that is the same on every machine. */
const PROJECT_PATH = /(?:^|\/)((?:lambdas|node_modules)\/.+)$/;

/** The directory of the bundle and of the files that it loads later. */
const DIRECTORY = new URL('.', import.meta.url).href;

/** The source maps of bundles, by file. */
const bundleMaps = new Map<string, SourceMap | 'none'>();

/**
 * Where an error was created, innermost call first: `lambdas/shared/store/webhooks.ts:92:40`, at most ten. Positions in
 * a bundle are mapped to its TypeScript source. The error's message and the names of functions are omitted, and so are
 * frames of Node itself. Never throws.
 */
export function stackFrames(error: Error): string[] {
  return framesOf(error)
    .filter(({ file }) => !file.startsWith('node:'))
    .slice(0, MAX_FRAMES)
    .map(toSource)
    .map(({ file, line, column }) => `${PROJECT_PATH.exec(file)?.[1] ?? file}:${line}:${column}`);
}

interface Position {
  /** A path or a `file:` URL. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
}

function framesOf({ stack = '', message }: Error): Position[] {
  // A line of the message may look like a frame.
  const frames = stack.includes(message) ? stack.slice(stack.indexOf(message) + message.length) : stack;
  return frames.split('\n').flatMap((text) => {
    const [, file, line, column] = FRAME.exec(text) ?? [];
    return file === undefined ? [] : [{ file, line: Number(line), column: Number(column) }];
  });
}

function toSource(position: Position): Position {
  if (!position.file.startsWith(DIRECTORY)) return position;
  const map = bundleMaps.get(position.file) ?? readBundleMap(position.file);
  bundleMaps.set(position.file, map);
  if (map === 'none') return position;
  const origin = map.findOrigin(position.line, position.column);
  return 'fileName' in origin
    ? { file: origin.fileName, line: origin.lineNumber, column: origin.columnNumber }
    : position;
}

/** Each bundle has its source map beside it. It is read only when it is needed: no cold start waits for it. */
function readBundleMap(file: string): SourceMap | 'none' {
  try {
    return new SourceMap(JSON.parse(readFileSync(new URL(`${file}.map`), 'utf8')));
  } catch {
    // Not bundled, or its map is missing. Positions in the file itself are still useful.
    return 'none';
  }
}

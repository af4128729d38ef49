import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { EVENT_LINE, type RecordedLine, renderTerminal } from './terminal-svg.ts';

/**
 * `npm run record-demo`: runs `npm start` until its demonstration has ended, stops it, and writes what it printed to
 * `docs/demo.svg`. Only ids and times differ between two recordings.
 */
const ROOT = new URL('../', import.meta.url);
const OUTPUT = new URL('docs/demo.svg', ROOT);
/** A line after the demonstration. The recording ends before it: the next line contains an API key. */
const AFTER_DEMONSTRATION = /^\s*API\s+http/;
/** Ends a run that hangs. A recording takes about 20 s. */
const LIMIT_MS = 180_000;

const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'));
// The script begins with `exec`, so that the child's pid is that of the program.
const child = spawn(scripts.start, { cwd: ROOT, shell: true, stdio: ['ignore', 'pipe', 'inherit'] });
const closed = once(child, 'close');
const limit = setTimeout(() => child.kill('SIGTERM'), LIMIT_MS);

const startedAt = performance.now();
const lines: RecordedLine[] = [{ atMs: 0, text: '$ npm start' }];
let isComplete = false;
for await (const text of createInterface({ input: child.stdout })) {
  if (AFTER_DEMONSTRATION.test(text)) {
    isComplete = true;
    child.kill('SIGTERM');
  }
  if (!isComplete) lines.push({ atMs: Math.round(performance.now() - startedAt), text });
}
clearTimeout(limit);
await closed;
if (!isComplete) {
  process.stderr.write('npm start ended before its demonstration did; nothing was written\n');
  process.exit(1);
}
const lastEvent = lines.findLastIndex(({ text }) => EVENT_LINE.test(text));
writeFileSync(OUTPUT, renderTerminal('Terminal recording of npm start', lines.slice(0, lastEvent + 1)));

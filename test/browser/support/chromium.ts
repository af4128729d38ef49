import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's Chromium without windows. A profile with a page costs a fifth of the CPU time of one with a window. */
const HEADLESS_SHELL = '/usr/bin/chromium-headless-shell';

/** Where Debian, other Linux distributions and macOS install it. */
const PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of this machine, or the one that the environment variable CHROMIUM names. Undefined: there is none. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM, ...PATHS].find((path) => path && existsSync(path));
}

export function requireChromium(): string {
  const path = findChromium();
  if (path === undefined) throw new Error(`there is no Chromium; expected: one of ${PATHS.join(', ')}`);
  return path;
}

/** Without the browser's sandbox, which does not run as root: all pages are those of this machine. */
export function launchChromium(executablePath = requireChromium()): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--disable-gpu'] });
}

/** The shell, or the browser where there is no shell and where CHROMIUM names a browser. */
export function launchShell(): Promise<Browser> {
  const isShell = process.env.CHROMIUM === undefined && existsSync(HEADLESS_SHELL);
  return launchChromium(isShell ? HEADLESS_SHELL : undefined);
}

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

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
  if (path === undefined) throw new Error(`there is no Chromium; expected is one of ${PATHS.join(', ')}`);
  return path;
}

/** Without the browser's sandbox, which does not run as root: all pages are those of this machine. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: requireChromium(), args: ['--disable-gpu'] });
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { SIGNATURE } from '../console/src/texts/signature.ts';
import { untilLoaded } from '../fixtures/browser/loaded-screen.ts';
import { openConsole } from './console/open-console.ts';

/**
 * `npm run console:screenshots`: a picture of every screen in light and dark, of an account with webhooks in all states, as
 * `docs/console/<screen>-<theme>.webp`.
 */
const OUTPUT = fileURLToPath(new URL('../docs/console/', import.meta.url));
const THEMES = ['light', 'dark'] as const;
const VIEWPORT = { width: 1_200, height: 400 };
const MAX_HEIGHT = 1_000;
const QUALITY = 82;
/** Limits the size of the repository. */
const MAX_BYTES = 150_000;

const site = await openConsole();
try {
  mkdirSync(OUTPUT, { recursive: true });
  for (const theme of THEMES) {
    const page = await site.signIn({ colorScheme: theme, viewport: VIEWPORT });
    for (const { name, path } of site.screens) {
      await page.goto(new URL(path, site.cloud.apiUrl).href);
      await untilLoaded(page);
      if (name === 'signature') await fillInExample(page);
      await page.waitForLoadState('networkidle');
      const picture = await capture(page);
      if (picture.length > MAX_BYTES)
        throw new Error(`${name}: ${picture.length} bytes; at most ${MAX_BYTES} are allowed`);
      writeFileSync(`${OUTPUT}${name}-${theme}.webp`, picture);
      process.stdout.write(`${name}-${theme}.webp ${(picture.length / 1_000).toFixed(0)} kB\n`);
    }
    await page.context().close();
  }
} finally {
  await site.close();
}

async function fillInExample(page: Page): Promise<void> {
  await page.getByRole('button', { name: SIGNATURE.example }).click();
  await page.getByRole('button', { name: SIGNATURE.check, exact: true }).click();
  await page.getByRole('heading', { name: SIGNATURE.result }).waitFor();
}

/** Playwright cannot write WebP, which has a fraction of PNG's size. */
async function capture(page: Page): Promise<Buffer> {
  const session = await page.context().newCDPSession(page);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const clip = { x: 0, y: 0, width: VIEWPORT.width, height: Math.min(height, MAX_HEIGHT), scale: 1 };
  const { data } = await session.send('Page.captureScreenshot', {
    ...{ format: 'webp', quality: QUALITY, clip },
    captureBeyondViewport: true,
  });
  await session.detach();
  return Buffer.from(data, 'base64');
}

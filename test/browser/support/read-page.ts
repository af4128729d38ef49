import type { Page } from 'playwright-core';

/** Waits until the screen has this title. */
export async function heading(page: Page, name: string | RegExp): Promise<void> {
  const exact = typeof name === 'string';
  await page.getByRole('heading', { level: 1, name, exact }).waitFor();
}

/** Everything that the page's storages contain, as one text. */
export function storedTexts(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)]));
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RunOnly } from 'axe-core';
import type { Page } from 'playwright-core';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1280, height: 800 };

/** Rules of axe whose result depends on colours or on the width. The others read markup, which is the same. */
const OF_APPEARANCE = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'];

/** The source of axe, which runs in the page. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds by rules with these tags, or by the named rules, as one line for each element. */
async function axe(page: Page, runOnly: RunOnly): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(async (selected) => {
    const { axe: inPage } = window as unknown as { axe: typeof import('axe-core') };
    // Of the other elements axe would compute selectors, too.
    const { violations } = await inPage.run(document, { runOnly: selected, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message ?? ''}`),
    );
  }, runOnly);
}

/** Elements that reach out of the page's width, except within one that scrolls by itself. */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const scrolls = (element: Element | null): boolean =>
      element !== null &&
      element !== document.body &&
      (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement));
    const tooWide = [...document.querySelectorAll('main *, header *')].filter(
      (element) => element.getBoundingClientRect().right > width + 1 && !scrolls(element),
    );
    const found = tooWide.map((element) => `wider than ${width} px: ${element.outerHTML.slice(0, 200)}`);
    if (document.documentElement.scrollWidth > width)
      found.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    return found;
  });
}

/** Everything that is wrong with a screen: wide and light, then at 320 px, where rows are cards, and dark. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: 'light' });
  const wide = await axe(page, { type: 'tag', values: WCAG });
  await page.setViewportSize(NARROW);
  await page.emulateMedia({ colorScheme: 'dark' });
  const narrow = [
    ...(await overflowing(page)),
    ...(await axe(page, { type: 'rule', values: OF_APPEARANCE })),
  ];
  return [
    ...wide.map((fault) => `wide, light: ${fault}`),
    ...narrow.map((fault) => `320 px, dark: ${fault}`),
  ];
}

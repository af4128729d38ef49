import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SESSION } from '../../console/src/texts/session.ts';
import { SHELL } from '../../console/src/texts/shell.ts';
import { requireChromium } from '../../fixtures/browser/chromium.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type Embedder, startEmbedder } from './support/embedder.ts';
import { heading } from './support/read-page.ts';
import { type Console, startConsole } from './support/start-console.ts';

interface Message {
  readonly origin: string;
  readonly data: { readonly type: string; readonly height?: number };
}

describe.skipIf(inject('console') === undefined)('the console in a frame, and without storage', () => {
  let site: Console;
  let stranger: Embedder;
  const { embedderUrl = '' } = inject('console') ?? {};

  beforeAll(async () => {
    [site, stranger] = await Promise.all([startConsole(), startEmbedder()]);
  });
  afterAll(async () => {
    await stranger.close();
    await site.close();
  });

  const messagesOf = (page: Page) =>
    page.evaluate(() => (window as unknown as { messages: Message[] }).messages);

  it('is shown by a page of another site that the operator listed, and sends it its height [API-57]', async () => {
    const link = `${await site.link()}&theme=dark`;
    const origins = [new URL(embedderUrl).origin];
    await site.visit({ signedIn: false, origins }, async ({ page }) => {
      await page.goto(`${embedderUrl}#${encodeURIComponent(link)}`);
      const frame = page.frameLocator('iframe');
      await frame.getByRole('heading', { level: 1, name: SHELL.webhooks, exact: true }).waitFor();

      expect(await frame.locator('html').getAttribute('data-theme')).toBe('dark');
      const height = () =>
        frame.locator('#app').evaluate((app) => Math.ceil(app.getBoundingClientRect().height));
      await expect
        .poll(async () => (await messagesOf(page)).at(-1))
        .toEqual({ origin: site.origin, data: { type: 'webhook-fanout:height', height: await height() } });

      await frame.getByRole('button', { name: SHELL.signOut }).click();
      await frame.getByRole('heading', { level: 1, name: SESSION.title['signed-out'] }).waitFor();
      await expect
        .poll(() => messagesOf(page))
        .toContainEqual({ origin: site.origin, data: { type: 'webhook-fanout:session-needed' } });
    });
  });

  it('is not shown by another page, which receives no message [API-57] [API-64]', async () => {
    const link = await site.link();
    await site.visit({ signedIn: false, origins: [stranger.origin] }, async ({ page, allow }) => {
      // The browser writes that it refused to show it.
      allow(/frame-ancestors/);
      const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
      await page.goto(`${stranger.url}#${encodeURIComponent(link)}`);
      await refused;

      expect(await page.frameLocator('iframe').locator('#app').count()).toBe(0);
      expect(await messagesOf(page)).toEqual([]);
    });
    // The link was not used up.
    await site.visit({ signedIn: false }, async ({ page }) => {
      await page.goto('about:blank');
      await page.goto(link);
      await heading(page, SHELL.webhooks);
    });
  });

  it('keeps the session in memory where the browser blocks storage', async () => {
    const context = await chromium.launchPersistentContext(profileWithoutSiteData(), {
      executablePath: requireChromium(),
    });
    await site.within(context, {}, async ({ page }) => {
      await heading(page, SHELL.webhooks);
      const access = await page.evaluate(() => {
        try {
          return String(sessionStorage.length);
        } catch (error) {
          return (error as DOMException).name;
        }
      });
      expect(access).toBe('SecurityError');

      await page.getByRole('link', { name: SHELL.eventTypes }).click();
      await heading(page, SHELL.eventTypes);
      await page.reload();
      await heading(page, SESSION.title.first);
    });
  });
});

/** A profile of a person who chose to block all cookies and site data. */
function profileWithoutSiteData(): string {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'Default'));
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(directory, 'Default', 'Preferences'), JSON.stringify(preferences));
  return directory;
}

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { plantStory, type Story } from '../../fixtures/console-story/story.ts';
import { parseAccountId } from '../../lambdas/shared/domain/ids.ts';
import { faultsOf, untilLoaded } from './support/check-page.ts';
import { type Console, startConsole } from './support/start-console.ts';

const ACCOUNT = 'acct_story';

/** Addresses, and the link of the navigation that is marked there. */
const screensOf = (
  { failing, disabled, lastEvent }: Story,
  delivery: string,
): [path: string, current: string][] => [
  ['/console/webhooks', 'Webhooks'],
  ['/console/webhooks/new', 'Webhooks'],
  [`/console/webhooks/${failing}`, 'Webhooks'],
  [`/console/webhooks/${disabled}`, 'Webhooks'],
  [`/console/webhooks/${failing}/deliveries`, 'Webhooks'],
  [`/console/webhooks/${failing}/deliveries/${delivery}`, 'Webhooks'],
  [`/console/webhooks/${failing}/recover`, 'Webhooks'],
  [`/console/events/${lastEvent}`, 'Webhooks'],
  ['/console/event-types', 'Event types'],
  ['/console/signature', 'Signature checker'],
  ['/console/developers', 'Developers'],
  ['/console/nowhere', ''],
];

describe.skipIf(inject('console') === undefined)('the screens', () => {
  let site: Console;
  let story: Story;
  let screens: [path: string, current: string][];

  beforeAll(async () => {
    site = await startConsole();
    const accountId = parseAccountId(ACCOUNT);
    if (accountId === undefined) throw new Error(`${ACCOUNT} is no account id`);
    story = await plantStory(site.journey.cloud, accountId, Date.now());
    const key = await site.journey.newAccount(ACCOUNT);
    const { body } = await site.journey.api('GET', `/v1/webhooks/${story.failing}/deliveries`, undefined, {
      key,
    });
    screens = screensOf(story, body.data[0].id);
  });
  afterAll(() => site.close());

  it('are accessible, in both themes, at 320 px, and each has a title of its own', async () => {
    await site.visit({ account: ACCOUNT }, async ({ page, open }) => {
      const faults: Record<string, string[]> = {};
      const titles = new Map<string, string>();
      for (const [path, current] of screens) {
        await open(path);
        await untilLoaded(page);
        const found = await faultsOf(page);
        const title = await page.title();
        const same = titles.get(title);
        if (same !== undefined) found.push(`the same title as ${same}: ${title}`);
        titles.set(title, path);
        const marked = await page.locator('nav a[aria-current]').allInnerTexts();
        if (marked.join() !== current) found.push(`marked as current are: ${marked.join(', ')}`);
        if (found.length > 0) faults[path] = found;
      }
      expect(faults).toEqual({});
    });
  });

  it('offer a read-only session nothing that changes something, and say why', async () => {
    const key = await site.journey.newAccount(ACCOUNT);
    const state = async () => (await site.journey.api('GET', '/v1/webhooks', undefined, { key })).body;
    const before = await state();

    await site.visit({ account: ACCOUNT, read_only: true }, async ({ page, open }) => {
      const sent: string[] = [];
      page.on('request', (request) => {
        if (request.method() !== 'GET' && !request.url().endsWith('/v1/sessions'))
          sent.push(`${request.method()} ${request.url()}`);
      });
      for (const [path] of screens) {
        await open(path);
        await untilLoaded(page);
        for (const button of await page.getByRole('main').getByRole('button', { disabled: true }).all()) {
          const reason = await button.evaluate(
            (element) => document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent,
          );
          expect(reason, path).toBeTruthy();
          await button.press('Enter');
        }
      }
      expect(sent).toEqual([]);
    });
    expect(await state()).toEqual(before);
  });
});

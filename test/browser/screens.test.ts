import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DELIVERIES } from '../../console/src/texts/deliveries.ts';
import { EVENT } from '../../console/src/texts/event.ts';
import { NEW_WEBHOOK } from '../../console/src/texts/new-webhook.ts';
import { SHELL } from '../../console/src/texts/shell.ts';
import { WEBHOOKS } from '../../console/src/texts/webhooks.ts';
import { untilLoaded } from '../../fixtures/browser/loaded-screen.ts';
import { putSampleData, type SampleData } from '../../fixtures/sample-data/put-sample-data.ts';
import { parseAccountId } from '../../lambdas/shared/domain/ids.ts';
import { until } from '../support/until.ts';
import { faultsOf } from './support/check-page.ts';
import { heading } from './support/read-page.ts';
import { type Console, startConsole } from './support/start-console.ts';

const ACCOUNT = 'acct_story';

/** Addresses, and the link of the navigation that is marked there. */
const screensOf = (
  { failing, disabled, lastEvent }: SampleData,
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
  let sample: SampleData;
  let screens: [path: string, current: string][];

  beforeAll(async () => {
    site = await startConsole();
    const accountId = parseAccountId(ACCOUNT);
    if (accountId === undefined) throw new Error(`${ACCOUNT} is no account id`);
    sample = await putSampleData(site.journey.cloud, accountId, Date.now());
    const key = await site.journey.newAccount(ACCOUNT);
    const { body } = await site.journey.api('GET', `/v1/webhooks/${sample.failing}/deliveries`, undefined, {
      key,
    });
    screens = screensOf(sample, body.data[0].id);
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

  it('state what to do where there is no data yet', async () => {
    await site.visit({ account: 'acct_empty' }, async ({ page, open }) => {
      const main = page.getByRole('main');
      await main.getByText(WEBHOOKS.empty).waitFor();
      await main.getByRole('link', { name: WEBHOOKS.create }).last().click();
      await heading(page, NEW_WEBHOOK.title);
      await open('/console/events/evt_none');
      await main.getByText(EVENT.missing).waitFor();
      await open('/console/nowhere');
      await main.getByRole('link', { name: SHELL.toWebhooks }).click();
      await heading(page, WEBHOOKS.title);
    });
  });

  it('update while the page is visible, and send no requests while it is hidden', async () => {
    const { journey } = site;
    const account = 'acct_live';
    const key = await journey.newAccount(account);
    const customer = await journey.startCustomer();
    const { id } = await journey.register({ url: customer.url(), events: ['file.*'] }, { key });

    await site.visit({ account, path: `/console/webhooks/${id}/deliveries` }, async ({ page }) => {
      const main = page.getByRole('main');
      await page.clock.install();
      await page.reload();
      await main.getByText(DELIVERIES.live, { exact: true }).waitFor();
      await journey.publish('file.deleted', { account_id: account, data: {} });
      await customer.received(1);
      await until('the delivery', async () => {
        await page.clock.fastForward('00:30');
        return (await main.getByRole('rowheader', { name: /^file.deleted/ }).count()) === 1 || undefined;
      });

      await page.evaluate(() => {
        Object.defineProperty(document, 'hidden', { configurable: true, value: true });
        document.dispatchEvent(new Event('visibilitychange'));
      });
      // A request that was sent before.
      await page.waitForLoadState('networkidle');
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      await page.clock.fastForward('10:00');
      await page.clock.fastForward('10:00');
      expect(requests).toEqual([]);
      await page.evaluate(() => {
        Object.defineProperty(document, 'hidden', { configurable: true, value: false });
        document.dispatchEvent(new Event('visibilitychange'));
      });
      await until('requests', () => requests.length > 0 || undefined);
    });
  });

  it('offer no changing action to a read-only session, and state why', async () => {
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

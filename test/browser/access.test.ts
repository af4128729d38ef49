import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SESSION } from '../../console/src/texts/session.ts';
import { SHELL } from '../../console/src/texts/shell.ts';
import { untilLoaded } from '../../fixtures/browser/loaded-screen.ts';
import { createOperator, type Operator } from './support/operator.ts';
import { heading, storedTexts } from './support/read-page.ts';
import { type Console, startConsole } from './support/start-console.ts';

const WEBHOOKS = '/console/webhooks';
const RETURN_URL = 'https://app.example.com/webhooks';

describe.skipIf(inject('console') === undefined)('access to the console', () => {
  let site: Console;
  let operator: Operator;

  beforeAll(async () => {
    site = await startConsole();
    operator = createOperator(site.journey.cloud);
  });
  afterAll(() => site.close());

  it('a link signs in once, and its code is in no address, storage or log afterwards [API-53]', async () => {
    const link = await site.link({ return_url: RETURN_URL });
    const code = new URLSearchParams(new URL(link).hash.slice(1)).get('code') ?? 'none';

    await site.visit({ signedIn: false, path: '/console/developers' }, async ({ page }) => {
      await heading(page, SESSION.title.first);
      // A click on a link in the same tab changes the fragment alone.
      await page.evaluate((hash) => {
        location.hash = hash;
      }, new URL(link).hash);
      await heading(page, SHELL.developers);

      expect(page.url()).toBe(`${site.origin}/console/developers`);
      expect(await storedTexts(page)).not.toContain(code);
      expect(await page.context().cookies()).toEqual([]);
      await page.reload();
      await heading(page, SHELL.developers);
    });

    await site.visit({ signedIn: false }, async ({ page }) => {
      await page.goto('about:blank');
      await page.goto(link);
      await heading(page, SESSION.title.refused);
      expect(await page.getByRole('main').textContent()).toContain(SESSION.refused['code-used']);
      const again = page.getByRole('link', { name: SESSION.newLink });
      expect(await again.getAttribute('href')).toBe(RETURN_URL);
    });

    const { cloud } = site.journey;
    const logged = ['ServeApi', 'ServeConsole', 'PortalLink'].flatMap((name) => cloud.logs(name)).join('\n');
    expect(logged).not.toContain(code);
  });

  it('an expired link, and one of another deployment, show the reason and what to do [API-53]', async () => {
    const expired = await site.link({ return_url: RETURN_URL });
    await operator.expireLink(expired);
    const made = new URL(await site.link());
    const foreign = `${made.origin}${WEBHOOKS}#code=whc_${'0'.repeat(24)}${'A'.repeat(32)}.acct_1`;

    await site.visit({ signedIn: false }, async ({ page }) => {
      await page.goto('about:blank');
      await page.goto(expired);
      await heading(page, SESSION.title.refused);
      const main = page.getByRole('main');
      expect(await main.textContent()).toContain(SESSION.refused['code-expired']);
      expect(await page.getByRole('link', { name: SESSION.newLink }).getAttribute('href')).toBe(RETURN_URL);

      await page.goto('about:blank');
      await page.goto(foreign);
      await main.getByText(SESSION.refused['code-unknown'] ?? '').waitFor();
      await main.getByText(SESSION.noReturn).waitFor();
    });
  });

  it('a link with confirmation is used up only by its button [API-53]', async () => {
    const link = await site.link({ confirm: true });

    for (const opens of ['scanner', 'person']) {
      await site.visit({ signedIn: false }, async ({ page }) => {
        await page.goto('about:blank');
        await page.goto(link);
        await heading(page, SESSION.confirmTitle);
        if (opens === 'scanner') return;
        await page.getByRole('button', { name: SESSION.continue }).press('Enter');
        await heading(page, SHELL.webhooks);
      });
    }
  });

  it('an API key is exchanged for a session and is stored nowhere', async () => {
    const key = await site.journey.newAccount('acct_key');

    await site.visit({ signedIn: false }, async ({ page }) => {
      const input = page.getByLabel(SESSION.key, { exact: true });
      await input.fill(`${key.slice(0, -3)}xxx`);
      await input.press('Enter');
      await page.getByText(SESSION.keyRefused).waitFor();
      await input.fill(key);
      await page.getByRole('button', { name: SESSION.signIn, exact: true }).click();
      await heading(page, SHELL.webhooks);

      const stored = await storedTexts(page);
      expect(stored).not.toContain(key);
      expect(stored).toContain('whs_');
      expect(await page.getByRole('banner').textContent()).toContain('acct_key');
    });
  });

  it('a tab that is opened by ctrl-click is signed in, and a sign-out ends the session in both [API-63]', async () => {
    await site.visit({}, async ({ page, context }) => {
      const [other] = await Promise.all([
        context.waitForEvent('page'),
        page.getByRole('link', { name: SHELL.eventTypes }).click({ modifiers: ['ControlOrMeta'] }),
      ]);
      await heading(other, SHELL.eventTypes);
      const token = await page.evaluate(() => JSON.stringify(Object.values(sessionStorage)));
      const [, whs = ''] = /(whs_[^"\\]+)/.exec(token) ?? [];
      const status = async () =>
        (await site.journey.api('GET', '/v1/session', undefined, { key: whs })).status;
      expect(await status()).toBe(200);

      await other.getByRole('button', { name: SHELL.signOut }).click();
      await heading(other, SESSION.title['signed-out']);
      await heading(page, SESSION.title['signed-out']);

      expect(await status()).toBe(401);
      expect(await storedTexts(page)).not.toContain('whs_');
      expect(await storedTexts(other)).not.toContain('whs_');
    });
  });

  it('two accounts in two tabs see their own webhooks, and nothing at the addresses of the other [API-53]', async () => {
    const { journey } = site;
    const customer = await journey.startCustomer();
    const accounts = ['acct_one', 'acct_two'];
    const webhooks = await Promise.all(
      accounts.map(async (account) => {
        const key = await journey.newAccount(account);
        return journey.register({ url: customer.url(`/of-${account}`), events: ['*'] }, { key });
      }),
    );
    const [own, foreign] = webhooks.map(({ id }) => id);

    await site.visit({ account: 'acct_one' }, async ({ page, context, open }) => {
      const other = await context.newPage();
      await other.goto(await site.link({ account: 'acct_two' }));
      await other.getByText('/of-acct_two').waitFor();
      await page.reload();
      await page.getByText('/of-acct_one').waitFor();
      expect(await page.getByText('/of-acct_two').count()).toBe(0);

      await open(`/console/webhooks/${own}`);
      await heading(page, /of-acct_one/);
      for (const path of ['', '/deliveries', '/recover']) {
        await open(`/console/webhooks/${foreign}${path}`);
        await untilLoaded(page);
        await page
          .getByRole('main')
          .getByText(/belongs to another account|no webhook with this id/)
          .first()
          .waitFor();
        expect(await page.getByRole('main').textContent()).not.toContain('of-acct_two');
      }
    });
  });

  it('a revoked session shows that it was revoked, and another link opens the same screen', async () => {
    const account = 'acct_revoked';
    const path = '/console/event-types';
    await site.visit({ account, path, return_url: RETURN_URL }, async ({ page }) => {
      await heading(page, SHELL.eventTypes);
      await operator.revokeSessions(account);
      await page.reload();
      await heading(page, SESSION.title.ended);
      expect(page.url()).toBe(site.origin + path);
      expect(await page.getByRole('link', { name: SESSION.newLink }).getAttribute('href')).toBe(RETURN_URL);

      const link = await site.link({ account });
      await page.goto('about:blank');
      await page.goto(link);
      await heading(page, SHELL.eventTypes);
      expect(page.url()).toBe(site.origin + path);
    });
  });
});

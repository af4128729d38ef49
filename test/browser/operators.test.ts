import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startConsole as startOperatorsConsole } from '../../command/console/start.ts';
import { ALARMS, OPERATOR, QUEUE, QUEUES } from '../../console/src/texts/operator.ts';
import { SHELL } from '../../console/src/texts/shell.ts';
import { untilLoaded } from '../../fixtures/browser/loaded-screen.ts';
import { until } from '../support/until.ts';
import { faultsOf } from './support/check-page.ts';
import { byKeyboard } from './support/hands.ts';
import { heading, storedTexts } from './support/read-page.ts';
import { type Console, startConsole } from './support/start-console.ts';

type Operators = Awaited<ReturnType<typeof startOperatorsConsole>>;

describe.skipIf(inject('console') === undefined)("the operators' console", () => {
  let site: Console;
  let operators: Operators;
  let token: string;
  let origin: string;

  beforeAll(async () => {
    site = await startConsole();
    const { awsEndpoint: endpoint, region, outputs } = site.journey.cloud;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    operators = await startOperatorsConsole({
      target: { kind: 'local', outputs, clientSettings: { endpoint, region, credentials } },
      ...{ stack: undefined, port: 0, readOnly: false, io: { warn: () => undefined } },
    });
    ({ origin } = new URL(operators.url));
    token = new URLSearchParams(new URL(operators.url).hash.slice(1)).get('operator') ?? 'none';
  });
  afterAll(async () => {
    await operators.close();
    await site.close();
  });

  it('links from the accounts to the screens of one account, also in a new tab, and back', async () => {
    const customer = await site.journey.startCustomer();
    const key = await site.journey.newAccount('acct_2');
    await site.journey.register({ url: customer.url('/one'), events: ['*'] });
    await site.journey.register({ url: customer.url('/two'), events: ['*'] }, { key });

    await site.visit({ signedIn: false, origins: [origin] }, async ({ page, context }) => {
      await page.goto(operators.url);
      await heading(page, 'Accounts');
      await untilLoaded(page);
      expect(page.url()).not.toContain(token);
      expect(await faultsOf(page)).toEqual([]);

      await page.getByRole('link', { name: 'acct_2' }).click();
      await page.getByRole('link', { name: customer.url('/two') }).waitFor();
      expect(await page.getByRole('link', { name: customer.url('/one') }).count()).toBe(0);
      expect(await faultsOf(page)).toEqual([]);
      await page.reload();
      await page.getByRole('link', { name: customer.url('/two') }).waitFor();

      const opened = context.waitForEvent('page');
      await page.getByRole('link', { name: SHELL.eventTypes }).click({ modifiers: ['ControlOrMeta'] });
      const tab = await opened;
      await heading(tab, SHELL.eventTypes);
      expect(await tab.getByRole('banner').textContent()).toContain('acct_2');
      await tab.close();

      // No key of the API is in the browser, and no session of it.
      expect(await storedTexts(page)).not.toMatch(/wh[ks]_/);
      await page.getByRole('button', { name: OPERATOR.leave }).click();
      await heading(page, 'Accounts');
      await page.goto(`${origin}/console/webhooks`);
      await heading(page, OPERATOR.chooseTitle);
    });
  });

  it('shows why events were not dispatched, and dispatches them again after a count, by keyboard', async () => {
    const { journey } = site;
    const { UndispatchedQueueUrl: undispatchedUrl = '', UnreadableQueueUrl: unreadableUrl = '' } =
      journey.cloud.outputs;
    const counts = () => journey.cloud.queues.counts(undispatchedUrl);
    await journey.publishRaw('order.paid', '{"account_id":"acct_1","id":"evt_1","data":{}}');
    await until('the event to be undispatched', () => counts().visible === 1 || undefined);
    const hostile = '<img src="x" onerror="alert(1)">\u202e';
    journey.cloud.queues.send(unreadableUrl, { body: hostile, senderId: 'test' });

    await site.visit({ signedIn: false, origins: [origin] }, async ({ page }) => {
      await page.goto(operators.url);
      await byKeyboard(page.getByRole('link', { name: OPERATOR.queues }));
      await heading(page, QUEUE.title);
      await byKeyboard(page.getByRole('link', { name: QUEUES.undispatched.name }));
      await heading(page, QUEUES.undispatched.name);

      await byKeyboard(page.getByRole('button', { name: QUEUE.read(50) }));
      await page.getByRole('rowheader', { name: '"order.paid" is not in the catalogue' }).waitFor();
      await byKeyboard(page.getByRole('button', { name: QUEUE.count }));
      await page.getByText(QUEUE.counted(1)).waitFor();
      expect(counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
      expect(await faultsOf(page)).toEqual([]);

      await byKeyboard(page.getByRole('button', { name: QUEUE.move('Redispatch', 1) }));
      await byKeyboard(page.getByRole('dialog').getByRole('button', { name: 'Redispatch' }));
      await page.getByText(QUEUE.moved(1, 'put back on the events queue')).waitFor();

      await page.goto(`${origin}/console/operator/queues/unreadable`);
      await page.getByRole('button', { name: QUEUE.read(50) }).click();
      await page.getByRole('button', { name: /^Show the body of/ }).click();
      const body = page.getByRole('dialog').getByRole('group', { name: QUEUE.body });
      expect(await body.textContent()).toBe('<img src="x" onerror="alert(1)">U+202E');
      expect(await page.locator('img').count()).toBe(0);
      expect(await faultsOf(page)).toEqual([]);
    });
  });

  it('shows the alarms, and is closed without its token [API-59]', async () => {
    await site.visit({ signedIn: false, origins: [origin] }, async ({ page }) => {
      await page.goto(`${origin}/console/operator/queues`);
      await heading(page, OPERATOR.closedTitle);
      // The address of the command, opened in the same tab.
      await page.evaluate((hash) => {
        location.hash = hash;
      }, new URL(operators.url).hash);
      await heading(page, QUEUE.title);
      await page.getByRole('link', { name: OPERATOR.alarms }).click();
      await page.getByRole('table', { name: ALARMS.caption }).waitFor();
      expect(await page.title()).toContain(ALARMS.title);
      expect(await faultsOf(page)).toEqual([]);
    });
  });
});

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DELIVERIES } from '../../console/src/texts/deliveries.ts';
import { KIT } from '../../console/src/texts/kit.ts';
import { PROBLEM } from '../../console/src/texts/problem.ts';
import { WEBHOOK } from '../../console/src/texts/webhook.ts';
import { WEBHOOKS } from '../../console/src/texts/webhooks.ts';
import { untilLoaded } from '../../fixtures/browser/loaded-screen.ts';
import { putDeliveries } from '../../fixtures/put-deliveries.ts';
import { putWebhooks } from '../../fixtures/put-webhooks.ts';
import { SEARCH_RATE_LIMIT } from '../../lambdas/serve-api/limits.ts';
import { parseAccountId, parseWebhookId } from '../../lambdas/shared/domain/ids.ts';
import { until } from '../support/until.ts';
import { overflowing } from './support/check-page.ts';
import { createOperator } from './support/operator.ts';
import { heading } from './support/read-page.ts';
import { type Console, startConsole } from './support/start-console.ts';

const NARROW = { width: 320, height: 640 };
/** Each by the type of the event to which it is the answer. */
const HOSTILE = {
  'file.uploaded': '<script>window.harmed = 1</script><img src="x" onerror="window.harmed = 1">',
  'file.processed': 'status: \u202Eko\u202C \u200B\u0007 done',
  'file.deleted': 'w'.repeat(1024),
  'user.registered': Buffer.from([0x6f, 0x6b, 0xff, 0xfe, 0x21]),
};
/** What is shown of them. */
const SHOWN = {
  'file.uploaded': HOSTILE['file.uploaded'],
  'file.processed': 'status: U+202EkoU+202C U+200BU+0007 done',
  'file.deleted': 'w'.repeat(1024),
  'user.registered': 'ok\uFFFD\uFFFD!',
};
const DESCRIPTION = '<b onclick="window.harmed = 1">bold</b>';

describe.skipIf(inject('console') === undefined)('the console', () => {
  let site: Console;

  beforeAll(async () => {
    site = await startConsole();
  });
  afterAll(() => site.close());

  it('shows hostile answers of endpoints as text [API-62]', async () => {
    const account = 'acct_hostile';
    const { journey } = site;
    const key = await journey.newAccount(account);
    const customer = await journey.startCustomer(({ headers }) => {
      const type = String(headers['x-webhook-event']) as keyof typeof HOSTILE;
      return { status: 500, body: HOSTILE[type], headers: { 'content-type': 'text/html' } };
    });
    const input = { url: customer.url('/<script>'), events: ['*'], description: DESCRIPTION };
    const { id } = await journey.register(input, { key });
    const sent = await Promise.all(
      Object.keys(HOSTILE).map(async (type) => {
        const { body } = await journey.api('POST', `/v1/webhooks/${id}/test`, { event_type: type }, { key });
        await until('its first result', async () => {
          const { status } = await journey.api(
            'GET',
            `/v1/webhooks/${id}/deliveries/${body.delivery_id}`,
            undefined,
            { key },
          );
          return status === 200 || undefined;
        });
        return [type as keyof typeof HOSTILE, body.delivery_id as string] as const;
      }),
    );

    await site.visit({ account, browser: { viewport: NARROW } }, async ({ page, open }) => {
      const main = page.getByRole('main');
      await main.getByText(DESCRIPTION).waitFor();
      for (const [type, delivery] of sent) {
        await open(`/console/webhooks/${id}/deliveries/${delivery}`);
        await untilLoaded(page);
        const answer = main.getByRole('group', { name: /^Answer to attempt/ }).first();
        expect(await answer.textContent()).toBe(SHOWN[type]);
        expect(await answer.locator('script, img, b').count()).toBe(0);
        expect(await overflowing(page), type).toEqual([]);
      }
      expect(await page.evaluate(() => 'harmed' in window)).toBe(false);
    });
  });

  it('loads 1,000 webhooks and 100,000 deliveries in pages', async () => {
    const account = 'acct_large';
    const { journey } = site;
    const { cloud } = journey;
    const key = await journey.newAccount(account);
    await putWebhooks(
      cloud,
      account,
      Array.from({ length: 1_000 }, (_, n) => `https://hook${n}.example.com/`),
    );
    const { body } = await journey.api('GET', '/v1/webhooks?limit=1', undefined, { key });
    const [accountId, webhookId] = [parseAccountId(account), parseWebhookId(body.data[0].id)];
    if (accountId === undefined || webhookId === undefined) throw new Error('ids do not parse');
    await putDeliveries(cloud, { accountId, webhookId }, { count: 100_000, now: Date.now() });

    await site.visit({ account }, async ({ page, open }) => {
      const main = page.getByRole('main');
      const rows = main.locator('tbody tr');
      // Its text changes with the time.
      const firstRow = () => rows.first().getByRole('link').first().getAttribute('href');
      await rows.first().waitFor();
      expect(await rows.count()).toBe(20);
      const first = await firstRow();
      await main.getByRole('link', { name: KIT.older }).click();
      await until('another page', async () => (await firstRow()) !== first || undefined);
      await page.reload();
      await main.getByRole('link', { name: WEBHOOKS.firstPage }).click();
      await until('the first page', async () => (await firstRow()) === first || undefined);

      await open(`/console/webhooks/${webhookId}`);
      await main.getByText(WEBHOOK.figures.partial).waitFor();

      await open(`/console/webhooks/${webhookId}/deliveries`);
      await rows.first().waitFor();
      const count = await rows.count();
      expect(count).toBeLessThanOrEqual(100);
      const newest = await firstRow();
      await main.getByRole('link', { name: KIT.older }).click();
      await until('older ones', async () => (await firstRow()) !== newest || undefined);
      await page.goBack();
      await until('the newest ones', async () => (await firstRow()) === newest || undefined);

      await open(`/console/webhooks/${webhookId}/deliveries?status=exhausted`);
      await main.getByText(DELIVERIES.examined).waitFor();
      await main.getByRole('link', { name: KIT.older }).waitFor();
    });
  });

  it('reads again, without an action of the user, after a lost connection and after a rate limit', async () => {
    const account = 'acct_limited';
    const key = await site.journey.newAccount(account);
    const operator = createOperator(site.journey.cloud);
    await putWebhooks(site.journey.cloud, account, ['https://one.example.com/']);

    await site.visit({ account }, async ({ page, context, allow }) => {
      allow(/ERR_INTERNET_DISCONNECTED/);
      const main = page.getByRole('main');
      await page.clock.install();
      await page.reload();
      await main.getByText('one.example.com').waitFor();

      await context.setOffline(true);
      await page.clock.fastForward('01:00');
      await main.getByText(PROBLEM.offlineTitle).first().waitFor();
      // What was loaded stays.
      expect(await main.getByText('one.example.com').count()).toBe(1);
      await context.setOffline(false);
      await main.getByText(PROBLEM.offlineTitle).first().waitFor({ state: 'detached' });

      await operator.useUp(account, SEARCH_RATE_LIMIT);
      await page.clock.fastForward('01:00');
      const alert = main.getByRole('alert').filter({ hasText: PROBLEM.tooManyTitle });
      await alert.waitFor();
      await alert.getByText(PROBLEM.requestId).waitFor();
      await operator.reset(account, SEARCH_RATE_LIMIT);
      await page.clock.fastForward('02:00:00');
      await alert.waitFor({ state: 'detached' });
    });
    expect(key).toMatch(/^whk_/);
  });

  it('runs no script, renders no markup and sends no request that its policy forbids [API-57]', async () => {
    await site.visit({ account: 'acct_policy' }, async ({ page, allow, found }) => {
      await heading(page, 'Webhooks');
      allow(/policy violation|Content Security Policy|Trusted(HTML|Script)|https:\/\/example\.com\//);
      const outcomes = await page.evaluate(async () => {
        const attempt = async (act: () => unknown): Promise<string> => {
          try {
            await act();
            return 'done';
          } catch (error) {
            return (error as Error).name;
          }
        };
        const element = document.createElement('div');
        document.body.append(element);
        const inserted = document.createElement('style');
        inserted.textContent = 'body { color: rgb(1, 2, 3) }';
        document.head.append(inserted);
        return {
          markup: await attempt(() => {
            element.innerHTML = '<img src=x onerror="window.harmed = 1">';
          }),
          script: await attempt(() => {
            document.createElement('script').textContent = 'window.harmed = 1';
          }),
          request: await attempt(() => fetch('https://example.com/')),
          style: getComputedStyle(document.body).color === 'rgb(1, 2, 3)' ? 'done' : 'refused',
          image: await attempt(
            () =>
              new Promise((resolve, reject) => {
                const image = new Image();
                image.onload = resolve;
                image.onerror = () => reject(new Error());
                image.src = 'https://example.com/x.png';
              }),
          ),
          harmed: 'harmed' in window,
        };
      });

      expect(outcomes).toEqual({
        markup: 'TypeError',
        script: 'TypeError',
        request: 'TypeError',
        style: 'refused',
        image: 'Error',
        harmed: false,
      });
      // Each is reported, so the other tests would fail on them.
      await expect
        .poll(() => found().flatMap((text) => /^policy violation: ([\w-]+)/.exec(text)?.[1] ?? []))
        .toEqual(
          expect.arrayContaining(['require-trusted-types-for', 'connect-src', 'style-src-elem', 'img-src']),
        );
    });
  });
});

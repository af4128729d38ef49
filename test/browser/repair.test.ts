import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { ATTEMPT } from '../../console/src/texts/attempt.ts';
import { NEW_WEBHOOK } from '../../console/src/texts/new-webhook.ts';
import { RECOVER, RECOVERY } from '../../console/src/texts/recover.ts';
import { VERIFICATION } from '../../console/src/texts/verification.ts';
import { WEBHOOK } from '../../console/src/texts/webhook.ts';
import { SETTINGS } from '../../console/src/texts/webhook-settings.ts';
import { createSampleWriter } from '../../fixtures/sample-data/sample-writer.ts';
import { parseAccountId, parseWebhookId } from '../../lambdas/shared/domain/ids.ts';
import { acceptsSignature } from '../support/accepts-signature.ts';
import { startHttpServer } from '../support/http-server.ts';
import { until } from '../support/until.ts';
import { byKeyboard, byMouse, type Hand } from './support/hands.ts';
import { heading } from './support/read-page.ts';
import { DISABLE_AFTER, RECOVERY_RATE } from './support/set-up.ts';
import { type Console, startConsole, type Visit } from './support/start-console.ts';

/** Deliveries that a recovery enqueues in its first step. */
const FIRST_STEP = 20 * RECOVERY_RATE;
const HELD = 2;

describe.skipIf(inject('console') === undefined)('a webhook is repaired', () => {
  let site: Console;

  beforeAll(async () => {
    site = await startConsole();
  });
  afterAll(() => site.close());

  /** A customer with one active webhook. */
  async function givenCustomer(account: string) {
    const state = { isDown: false };
    const { journey } = site;
    const customer = await journey.startCustomer(() =>
      state.isDown ? { status: 500, body: 'the database is down' } : { status: 200 },
    );
    const key = await journey.newAccount(account);
    const { id, secret } = await journey.register(
      { url: customer.url('/hook'), events: ['file.*'] },
      { key },
    );
    const publish = async (ids: readonly string[]): Promise<void> => {
      for (const event of ids)
        await journey.publish('file.uploaded', { account_id: account, id: event, data: {} });
    };
    const deliveries = async (status: string) => {
      const path = `/v1/webhooks/${id}/deliveries?limit=100`;
      const { body } = await journey.api('GET', path, undefined, { key });
      return body.data.filter((delivery: { status: string }) => delivery.status === status);
    };
    const name = `${new URL(customer.url()).host}/hook`;
    return { account, state, customer, key, id, secret, publish, deliveries, name };
  }

  /** Its endpoint fails until the service disables the webhook, and more events are held. */
  async function givenOutage(account: string) {
    const customer = await givenCustomer(account);
    const events = Array.from({ length: DISABLE_AFTER + HELD }, (_, number) => `evt_${account}_${number}`);
    customer.state.isDown = true;
    await customer.publish(events.slice(0, DISABLE_AFTER));
    await site.journey.untilStatus(customer.id, 'disabled', customer);
    await customer.publish(events.slice(DISABLE_AFTER));
    await until('held events', async () =>
      (await customer.deliveries('held')).length === HELD ? true : undefined,
    );
    return { ...customer, events };
  }

  type Outage = Awaited<ReturnType<typeof givenOutage>>;

  /** From the link to the list, to the cause, to the repair. */
  async function repair({ page }: Visit, outage: Outage, press: Hand): Promise<void> {
    const { state, customer, events, name } = outage;
    const main = page.getByRole('main');
    const row = main.getByRole('row').filter({ hasText: customer.url('/hook') });
    await row.getByText('Disabled by the service').waitFor();
    await press(row.getByRole('link').first());

    await heading(page, name);
    await press(main.getByRole('link', { name: WEBHOOK.cause.seeFailure }));
    await main.getByText('the database is down').first().waitFor();

    state.isDown = false;
    await press(main.getByRole('link', { name, exact: true }));
    await heading(page, name);
    await press(main.getByRole('button', { name: WEBHOOK.enable.open }));
    const dialog = page.getByRole('dialog');
    await dialog.getByText(WEBHOOK.enable.held(HELD, false)).waitFor();
    await press(dialog.getByRole('button', { name: WEBHOOK.enable.confirm, exact: true }));
    await press(main.getByRole('status').getByRole('link', { name: WEBHOOK.enable.recover }));

    await heading(page, RECOVER.title);
    await main.getByRole('heading', { name: RECOVER.preview }).waitFor();
    await press(main.getByRole('button', { name: RECOVER.start(events.length, false, 'both') }));
    await heading(page, RECOVERY.title);
  }

  it.each([
    ['mouse', byMouse],
    ['keyboard', byKeyboard],
  ] as const)('after an outage, with the %s alone: every event arrives once', async (name, hand) => {
    const outage = await givenOutage(`acct_${name}`);
    const { account, customer, events, deliveries } = outage;
    const failed = customer.requests.length;

    await site.visit({ account }, async (visit) => {
      await repair(visit, outage, hand);
      await until('all events', () => customer.requests.length - failed === events.length || undefined);
      await visit.page
        .getByRole('definition')
        .filter({ hasText: new RegExp(`^${events.length}$`) })
        .first()
        .waitFor();
    });

    const arrived = customer.requests.slice(failed).map(({ headers }) => headers['webhook-id']);
    expect(arrived.toSorted()).toEqual(events.toSorted());
    await until('their records', async () => {
      const repeated = (await deliveries('delivered')).filter(isOfRecovery);
      return repeated.length === events.length || undefined;
    });
  });

  it('by a recovery that is stopped: the other deliveries stay held and can be sent later', async () => {
    const { account, id, customer, key } = await givenCustomer('acct_stop');
    const [accountId, webhookId] = [parseAccountId(account), parseWebhookId(id)];
    if (accountId === undefined || webhookId === undefined) throw new Error('ids do not parse');
    const writer = createSampleWriter({ cloud: site.journey.cloud, accountId });
    const held = { status: 'held', reason: 'the webhook is disabled' } as const;
    const at = Date.now() - 60_000;
    const count = FIRST_STEP + 10;
    for (let number = 0; number < count; number++) {
      const event = { id: `evt_stop_${number}`, type: 'file.uploaded', data: {}, at: at + number };
      await writer.event(event, new Map([[webhookId, held]]));
    }

    await site.visit({ account, path: `/console/webhooks/${id}/recover` }, async ({ page, open }) => {
      const main = page.getByRole('main');
      await main.getByRole('button', { name: RECOVER.start(count, false, 'both') }).click();
      await heading(page, RECOVERY.title);
      await until('the first step', () => customer.requests.length > 0 || undefined);
      // On a busy machine the next step, after 20 s, could run before the recovery is stopped.
      const pause = site.journey.cloud.faults.add('concurrency RecoverDeliveries 0 for 60m');
      await main.getByRole('button', { name: RECOVERY.stop }).click();
      await main.getByText(RECOVERY.stoppedByRequest).waitFor();
      pause.remove();
      const { body } = await site.journey.api('GET', `/v1/webhooks/${id}/recoveries`, undefined, { key });
      expect(body.data).toMatchObject([{ status: 'stopped', enqueued: FIRST_STEP }]);

      await main.getByRole('link', { name: RECOVERY.another }).first().click();
      await main.getByRole('button', { name: RECOVER.start(count - FIRST_STEP, false, 'both') }).waitFor();
      await open(`/console/webhooks/${id}`);
      await main.getByText(WEBHOOK.waiting.title(count - FIRST_STEP, 0, false)).waitFor();
      await main.getByText(ATTEMPT.heldUntilSent).first().waitFor();
    });
  });

  it('before it is used: a wrong answer to the challenge is shown and corrected, and the next challenge succeeds', async () => {
    const account = 'acct_verify';
    let isMended = false;
    const server = await startHttpServer(({ body }) => {
      const { challenge } = JSON.parse(body.toString()).data;
      return { status: 200, body: JSON.stringify({ challenge: isMended ? challenge : 'another text' }) };
    });
    onTestFinished(() => server.close());

    await site.visit({ account, path: '/console/webhooks/new' }, async ({ page }) => {
      const main = page.getByRole('main');
      const url = main.getByLabel(NEW_WEBHOOK.url, { exact: true });
      await url.fill('ftp://example.com');
      await url.and(main.locator('[aria-invalid=true]')).waitFor();
      await url.fill(server.url);
      await main.getByText(NEW_WEBHOOK.accepted).waitFor();
      await main.getByRole('checkbox', { name: /^file\.\* / }).check();
      await main.getByRole('button', { name: NEW_WEBHOOK.create }).click();

      await main.getByText(VERIFICATION.secretOnce).waitFor();
      await main.getByText(VERIFICATION.failed).waitFor();
      await main.getByText('another text').first().waitFor();
      await main.getByText(VERIFICATION.expectedText).first().waitFor();
      for (const language of ['Node', 'Python', 'Go'])
        await main.getByRole('tab', { name: language }).click();
      const secret = /whsec_[A-Za-z0-9+/]+=*/.exec((await main.textContent()) ?? '')?.[0] ?? '';
      expect(secret).not.toBe('');

      isMended = true;
      await main.getByRole('button', { name: VERIFICATION.again }).click();
      await main.getByText(VERIFICATION.verified, { exact: true }).waitFor();
      // The button is gone, and the next press of Tab begins at the result.
      await main.locator('div:focus').getByText(VERIFICATION.verified, { exact: true }).waitFor();
      await page.reload();
      await main.getByText(VERIFICATION.verified, { exact: true }).waitFor();
      expect(await page.content()).not.toContain(secret);
    });
    const key = await site.journey.newAccount(account);
    const { body } = await site.journey.api('GET', '/v1/webhooks', undefined, { key });
    expect(body.data).toMatchObject([{ status: 'active', events: ['file.*'] }]);
  });

  it('when its secret has leaked: the new one is shown once, and both sign during the grace time', async () => {
    const { account, id, customer, secret, publish } = await givenCustomer('acct_rotate');
    let rotated = '';

    await site.visit({ account, path: `/console/webhooks/${id}` }, async ({ page }) => {
      const main = page.getByRole('main');
      await main.getByRole('button', { name: SETTINGS.rotate }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: SETTINGS.rotateConfirm, exact: true }).click();
      rotated = (await dialog.getByRole('group', { name: SETTINGS.newSecret }).textContent()) ?? '';
      await dialog.getByText(SETTINGS.graceLeft).getByRole('timer').waitFor();
      await dialog.getByRole('button', { name: SETTINGS.done }).click();
      await main.getByText(SETTINGS.graceLeft).getByRole('timer').waitFor();
      await page.reload();
      await main.getByText(SETTINGS.graceLeft).getByRole('timer').waitFor();
      expect(await page.content()).not.toContain(rotated);
    });

    await publish(['evt_rotated']);
    const [request] = await customer.received(1);
    expect(rotated).toMatch(/^whsec_/);
    expect(
      [secret, rotated].map((known) => request !== undefined && acceptsSignature(known, request)),
    ).toEqual([true, true]);
  });
});

function isOfRecovery({ trigger }: { readonly trigger: string }): boolean {
  return trigger === 'recovery';
}

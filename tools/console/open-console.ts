import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { SESSION } from '../../console/src/texts/session.ts';
import { SHELL } from '../../console/src/texts/shell.ts';
import { launchChromium } from '../../fixtures/browser/chromium.ts';
import { putSampleData, type SampleData } from '../../fixtures/sample-data/put-sample-data.ts';
import { parseAccountId } from '../../lambdas/shared/domain/ids.ts';
import { createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { synthesize } from '../../local/assembly/synthesize.ts';
import { ADMINISTRATOR } from '../../local/aws-calls.ts';
import { type Cloud, createCloud } from '../../local/cloud.ts';
import { consoleLink } from '../../local/demo/console-link.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';

const ACCOUNT = 'acme';

/** A local cloud with the example data of an account, and a browser. */
export interface OpenConsole {
  readonly cloud: Cloud;
  readonly browser: Browser;
  readonly screens: readonly Screen[];
  /**
   * A page of a browser profile of its own, which is signed in and shows the list of webhooks. `onPage` is called before it
   * loads anything.
   */
  signIn(options?: BrowserContextOptions, onPage?: (page: Page) => void): Promise<Page>;
  close(): Promise<void>;
}

export interface Screen {
  readonly name: string;
  readonly path: string;
}

export async function openConsole(): Promise<OpenConsole> {
  const directory = await mkdtemp(join(tmpdir(), 'webhook-fanout-console-'));
  const closers = [() => rm(directory, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const variables = { WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS: 'true' };
    const assemblyDirectory = await synthesize({ outputDirectory: join(directory, 'cdk.out'), variables });
    const cloud = await createCloud({ assemblyDirectory });
    closers.push(cloud.close);
    const browser = await launchChromium();
    closers.push(() => browser.close());
    const { sample, lastFailure } = await storeExampleData(cloud);
    return { cloud, browser, screens: screensOf(sample, lastFailure), signIn, close };

    async function signIn(
      options: BrowserContextOptions = {},
      onPage: (page: Page) => void = () => undefined,
    ): Promise<Page> {
      const link = await consoleLink(cloud, ACCOUNT);
      if (link === undefined) throw new Error('the stack has no console');
      const page = await (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage();
      onPage(page);
      await page.goto(link);
      await page.getByRole('button', { name: SESSION.continue }).click();
      await page.getByRole('button', { name: SHELL.signOut }).waitFor();
      return page;
    }
  } catch (error) {
    await close();
    throw error;
  }
}

async function storeExampleData(
  cloud: Cloud,
): Promise<{ readonly sample: SampleData; readonly lastFailure: string }> {
  const accountId = parseAccountId(ACCOUNT);
  if (accountId === undefined) throw new Error(`${ACCOUNT} is no account id`);
  const sample = await putSampleData(cloud, accountId, Date.now());
  const dynamodb = createInProcessClient(cloud.calls, ADMINISTRATOR, 'dynamodb');
  const keys = createApiKeyStore({ dynamodb, tableName: cloud.outputs.WebhooksTableName ?? '' });
  const { key } = await keys.create(accountId, 'console', Date.now());
  const response = await fetch(`${cloud.apiUrl}/v1/webhooks/${sample.failing}/deliveries?status=exhausted`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const { data } = await response.json();
  return { sample, lastFailure: data[0].id };
}

function screensOf({ failing, disabled, lastEvent }: SampleData, lastFailure: string): Screen[] {
  const webhook = `/console/webhooks/${failing}`;
  return [
    { name: 'webhooks', path: '/console/webhooks' },
    {
      name: 'new-webhook',
      path: '/console/webhooks/new?url=https%3A%2F%2Fapi.example.com%2Fhooks&events=file.*',
    },
    { name: 'webhook', path: webhook },
    { name: 'webhook-disabled', path: `/console/webhooks/${disabled}` },
    { name: 'deliveries', path: `${webhook}/deliveries` },
    { name: 'delivery', path: `${webhook}/deliveries/${lastFailure}` },
    { name: 'event', path: `/console/events/${lastEvent}` },
    { name: 'recover', path: `${webhook}/recover` },
    { name: 'event-types', path: '/console/event-types' },
    { name: 'signature', path: '/console/signature' },
    { name: 'developers', path: '/console/developers' },
  ];
}

import type { Page } from 'playwright-core';
import { untilLoaded } from '../../fixtures/browser/loaded-screen.ts';
import { costOf } from '../../local/metering/cost.ts';
import prices from '../../local/metering/prices.json' with { type: 'json' };
import type { OpenConsole } from './open-console.ts';

const BYTES_PER_GB = 1_000_000_000;
const VISITS = 5;
const PER_VISITS = 1_000;
const WATCHED_SECONDS = 600;
/** Shorter than each interval at which a screen repeats its requests. */
const STEP_SECONDS = 1;
/** The screens of a visit, from the list to the cause of a failure. */
const VISITED = ['webhooks', 'webhook', 'delivery', 'recover'];
const WATCHED = ['webhooks', 'webhook', 'deliveries'];

export interface Cost {
  readonly name: string;
  readonly requests: number;
  /** Bodies and headers that were sent to browsers. */
  readonly bytes: number;
  readonly dollars: number;
}

/**
 * Calculates costs at list prices from the requests and calls that the local cloud counts. The durations of functions
 * are those of this machine.
 */
export async function measureCost(site: OpenConsole): Promise<Cost[]> {
  const costs: Cost[] = [];
  // Starts the functions.
  await visit(site);
  const visits = await measure(site, async (count) => {
    for (let number = 0; number < VISITS; number++) await visit(site, count);
  });
  const factor = PER_VISITS / VISITS;
  costs.push({
    name: `${PER_VISITS} first visits: link, list, webhook, delivery, recovery`,
    requests: visits.requests * factor,
    bytes: visits.bytes * factor,
    dollars: visits.dollars * factor,
  });
  for (const screen of WATCHED) {
    const watched = await measure(site, (count) => watch(site, screen, count));
    costs.push({ name: `ten minutes of watching: ${screen}`, ...watched });
  }
  return costs;
}

type CountPage = (page: Page) => void;

async function visit(site: OpenConsole, count: CountPage = () => undefined): Promise<void> {
  const page = await site.signIn({}, count);
  for (const name of VISITED) await open(site, page, name);
  await page.context().close();
}

/** Advances the page's clock second by second. After each second, waits for the requests that it caused. */
async function watch(site: OpenConsole, screen: string, count: CountPage): Promise<void> {
  const page = await site.signIn();
  await page.clock.install();
  await open(site, page, screen);
  await page.waitForLoadState('networkidle');
  site.cloud.meter.reset();
  const running = new Set<unknown>();
  page.on('request', (request) => running.add(request));
  page.on('requestfinished', (request) => running.delete(request));
  page.on('requestfailed', (request) => running.delete(request));
  count(page);
  for (let seconds = 0; seconds < WATCHED_SECONDS; seconds += STEP_SECONDS) {
    await page.clock.runFor(STEP_SECONDS * 1_000);
    while (running.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await page.context().close();
}

async function open(site: OpenConsole, page: Page, name: string): Promise<void> {
  const path = site.screens.find((screen) => screen.name === name)?.path;
  if (path === undefined) throw new Error(`there is no screen ${name}`);
  await page.goto(new URL(path, site.cloud.apiUrl).href);
  await untilLoaded(page);
}

async function measure(
  { cloud }: OpenConsole,
  act: (count: CountPage) => Promise<void>,
): Promise<Omit<Cost, 'name'>> {
  const sizes: Promise<number>[] = [];
  cloud.meter.reset();
  await act((page) =>
    page.on('requestfinished', (request) => {
      sizes.push(
        request
          .sizes()
          .then((size) => size.responseBodySize + size.responseHeadersSize)
          .catch(() => 0),
      );
    }),
  );
  const snapshot = cloud.meter.snapshot();
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  const transfer = (bytes / BYTES_PER_GB) * prices.data_transfer_out_gb.price;
  return { requests: snapshot.httpApi.requests, bytes, dollars: costOf(snapshot).totalDollars + transfer };
}

import { setTimeout as wait } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import { isLoaded, untilLoaded } from '../../fixtures/browser/loaded-screen.ts';
import type { OpenConsole, Screen } from './open-console.ts';

/** Lighthouse's "slow 4G". `CPU_SLOWDOWN` makes the CPU of this machine about as slow as that of a mid-range phone. */
const NETWORK = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1_000_000) / 8,
  uploadThroughput: (0.75 * 1_000_000) / 8,
};
const CPU_SLOWDOWN = 4;
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const RUNS = 5;
const CHECK_EVERY_MS = 250;
const LIMIT_MS = 60_000;

export interface Load {
  readonly name: string;
  /** Files of the console, including the page itself. */
  readonly files: number;
  /** Their bytes as sent, with headers. */
  readonly fileBytes: number;
  /** Requests to the API until the data is on the screen. */
  readonly requests: number;
  /** From the beginning of the navigation until the data is on the screen: the median of the runs. */
  readonly dataMs: number;
}

/** Opens each screen with an empty cache. The functions are warm. */
export async function measureLoads(site: OpenConsole): Promise<Load[]> {
  const page = await site.signIn(PHONE);
  const session = await page.context().newCDPSession(page);
  await page.addInitScript(MARK_WHEN_LOADED);
  const loads: Load[] = [];
  for (const screen of site.screens) {
    const address = new URL(screen.path, site.cloud.apiUrl).href;
    // Warms the functions, without throttling.
    await page.goto(address);
    await untilLoaded(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', NETWORK);
    await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
    const runs: Load[] = [];
    for (let run = 0; run < RUNS; run++) {
      await session.send('Network.clearBrowserCache');
      await page.goto('about:blank');
      runs.push(await measureLoad(page, session, screen, address));
    }
    await session.send('Network.emulateNetworkConditions', {
      ...NETWORK,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
    });
    await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    runs.sort((one, other) => one.dataMs - other.dataMs);
    const median = runs[Math.floor(RUNS / 2)];
    if (median !== undefined) loads.push(median);
  }
  await page.context().close();
  return loads;
}

const LOADED = 'loaded';
/**
 * Marks the first frame that shows the data. The page itself checks each frame: Playwright's scripts would load
 * together with the page, and would take a tenth of a second at a quarter of the machine's speed.
 */
const MARK_WHEN_LOADED = `
  ${isLoaded}
  requestAnimationFrame(function checkFrame() {
    if (isLoaded()) performance.mark('${LOADED}');
    else requestAnimationFrame(checkFrame);
  });
`;

async function measureLoad(
  page: Page,
  session: CDPSession,
  { name: screen }: Screen,
  address: string,
): Promise<Load> {
  await page.goto(address, { waitUntil: 'commit' });
  const dataMs = await loadedAt(session);
  const entries = await page.evaluate(() =>
    (['navigation', 'resource'] as const)
      .flatMap((type) => performance.getEntriesByType(type) as PerformanceResourceTiming[])
      .map((entry) => ({ name: entry.name, bytes: entry.transferSize, endMs: entry.responseEnd })),
  );
  const { files = [], calls = [] } = Object.groupBy(entries, ({ name }) =>
    new URL(name).pathname.startsWith('/console/') ? 'files' : 'calls',
  );
  return {
    name: screen,
    files: files.length,
    fileBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    requests: calls.filter(({ endMs }) => endMs <= dataMs).length,
    dataMs,
  };
}

/** Milliseconds from the beginning of the navigation until the data was on the screen. */
async function loadedAt(session: CDPSession): Promise<number> {
  const expression = `performance.getEntriesByName('${LOADED}')[0]?.startTime`;
  const giveUpAt = Date.now() + LIMIT_MS;
  while (Date.now() < giveUpAt) {
    const { result } = await session.send('Runtime.evaluate', { expression, returnByValue: true });
    if (typeof result.value === 'number') return result.value;
    await wait(CHECK_EVERY_MS);
  }
  throw new Error(`the data was not on the screen within ${LIMIT_MS / 1000} s`);
}

import { openConsole } from './console/open-console.ts';
import { isLoaded, untilLoaded } from '../test/browser/support/check-page.ts';
import { writeFileSync } from 'node:fs';
const NETWORK = { offline: false, latency: 150, downloadThroughput: 200000, uploadThroughput: 93750 };
const site = await openConsole();
try {
  const page = await site.signIn({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  const session = await page.context().newCDPSession(page);
  await page.addInitScript(`${isLoaded}; requestAnimationFrame(function look(){ if (isLoaded()) performance.mark('loaded'); else requestAnimationFrame(look); });`);
  for (const name of process.argv.slice(2)) {
    const screen = site.screens.find((s) => s.name === name)!;
    const address = new URL(screen.path, site.cloud.apiUrl).href;
    await page.goto(address); await untilLoaded(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', NETWORK);
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await session.send('Network.clearBrowserCache');
    await page.goto('about:blank');
    await site.browser.startTracing(page, { categories: ['devtools.timeline','v8','disabled-by-default-v8.compile','blink.user_timing','disabled-by-default-devtools.timeline', 'disabled-by-default-v8.cpu_profiler'] });
    await page.goto(address, { waitUntil: 'commit' });
    await new Promise((r) => setTimeout(r, 4000));
    const buf = await site.browser.stopTracing();
    writeFileSync(`/tmp/lead/trace-${name}.json`, buf);
    await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  }
} finally { await site.close(); }

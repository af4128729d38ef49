import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { findChromium } from '../../../fixtures/browser/chromium.ts';
import { synthesize } from '../../../local/assembly/synthesize.ts';
import { startEmbedder } from './embedder.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Undefined: this machine has no browser, and the tests are skipped. */
    console: ConsoleContext | undefined;
  }
}

export interface ConsoleContext {
  /** The stack with the console, short retries, and an embedding page. */
  readonly assemblyDirectory: string;
  /** The address of a page of another site that may show the console in a frame; see `startEmbedder`. */
  readonly embedderUrl: string;
}

/** Deliveries a second of a recovery. A step enqueues those of 20 s. */
export const RECOVERY_RATE = 1;
/** Exhausted deliveries in a row after which the service disables a webhook. */
export const DISABLE_AFTER = 3;

/** `.ci/run` sets it: there, no test may be skipped. */
const IS_REQUIRED = process.env.REQUIRE_BROWSER === '1';

const MISSING = 'there is no Chromium: install Debian\'s package "chromium", or set CHROMIUM to its path';

/** Synthesizes the stack once for all files, with the bundles that are deployed. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (findChromium() === undefined) {
    if (IS_REQUIRED) throw new Error(MISSING);
    process.stderr.write(`NOT TESTED: the console in a browser; ${MISSING}\n`);
    project.provide('console', undefined);
    return undefined;
  }
  const embedder = await startEmbedder();
  const directory = await mkdtemp(join(tmpdir(), 'webhook-fanout-browser-'));
  const close = async (): Promise<void> => {
    await embedder.close();
    await rm(directory, { recursive: true, force: true });
  };
  const assemblyDirectory = await synthesize({
    outputDirectory: join(directory, 'cdk.out'),
    variables: {
      WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS: 'true',
      WEBHOOK_FANOUT_CONSOLE_EMBEDDED_BY: embedder.origin,
      WEBHOOK_FANOUT_RECOVERY_RATE: String(RECOVERY_RATE),
      WEBHOOK_FANOUT_RETRY_DELAYS: '1,1',
      WEBHOOK_FANOUT_DISABLE_AFTER: JSON.stringify({ exhausted: DISABLE_AFTER, hours: 0 }),
    },
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  project.provide('console', { assemblyDirectory, embedderUrl: embedder.url });
  return close;
}

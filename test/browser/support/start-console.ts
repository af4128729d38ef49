import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { inject } from 'vitest';
import { SHELL } from '../../../console/src/texts/shell.ts';
import { launchShell } from '../../../fixtures/browser/chromium.ts';
import { ADMINISTRATOR } from '../../../local/aws-calls.ts';
import { type Journey, startJourney } from '../../journeys/support/journey.ts';
import { WAIT_LIMIT_MS } from '../../support/until.ts';
import { watchContext } from './watch-context.ts';

/** Pictures of the pages of failed tests. */
const PICTURES = fileURLToPath(new URL('../../../dist/browser-failures/', import.meta.url));
/** Set it to some seconds to see quickly where a changed test stops. */
const WAIT_MS = Number(process.env.BROWSER_WAIT_MS ?? WAIT_LIMIT_MS);

/** The input of the portal function, except for the account and the actor. */
export interface LinkInput {
  readonly read_only?: boolean;
  readonly ttl?: number;
  readonly return_url?: string;
  readonly confirm?: boolean;
}

interface VisitInput extends LinkInput {
  /** Default: the account of the journey. */
  readonly account?: string;
  /** Default: `/console/webhooks`. */
  readonly path?: string;
  /** Whether the page is opened with a link. Default: true. */
  readonly signedIn?: boolean;
  /** Origins besides the console's to which requests are expected. */
  readonly origins?: readonly string[];
  readonly browser?: BrowserContextOptions;
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Findings with this text are expected. */
  allow(pattern: RegExp): void;
  /** All findings so far. */
  found(): readonly string[];
  /** Shows an address of the console in the page, with a new document. */
  open(path: string): Promise<void>;
}

/** A stack with the console, and a browser. */
export interface Console {
  readonly journey: Journey;
  readonly origin: string;
  readonly browser: Browser;
  /** A link of the portal function to an address of the console. */
  link(input?: LinkInput & { readonly account?: string; readonly path?: string }): Promise<string>;
  /**
   * Opens a browser profile of its own. Throws at the end when a page wrote an error to its console, violated its policy,
   * or sent a request to another origin.
   */
  visit<T>(input: VisitInput, act: (visit: Visit) => Promise<T>): Promise<T>;
  /** The same with a context that the test has made. */
  within<T>(
    context: BrowserContext,
    input: Omit<VisitInput, 'browser'>,
    act: (visit: Visit) => Promise<T>,
  ): Promise<T>;
  close(): Promise<void>;
}

export async function startConsole(): Promise<Console> {
  const { assemblyDirectory } = inject('console') ?? {};
  if (assemblyDirectory === undefined) throw new Error('the console is not synthesized: there is no browser');
  const [journey, browser] = await Promise.all([startJourney({ assemblyDirectory }), launchShell()]);
  const origin = new URL(journey.cloud.apiUrl).origin;

  const consoleUnderTest: Console = {
    journey,
    origin,
    browser,
    async link({ account = journey.accountId, path = '/console/webhooks', ...input } = {}) {
      const { Payload: payload } = await journey.cloud.calls.call({
        principal: ADMINISTRATOR,
        service: 'lambda',
        action: 'Invoke',
        input: {
          FunctionName: journey.cloud.outputs.PortalFunctionName,
          Payload: JSON.stringify({ account, actor: 'ann@example.com', ...input }),
        },
      });
      const { url, error }: { url?: string; error?: string } = JSON.parse(String(payload));
      if (url === undefined) throw new Error(`the portal function made no link: ${error}`);
      return origin + path + new URL(url).hash;
    },
    async visit({ browser: options, ...input }, act) {
      // axe measures colours, so every colour transition must have ended.
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
      return consoleUnderTest.within(context, input, act);
    },
    async within(context, { signedIn = true, origins = [], path = '/console/webhooks', ...input }, act) {
      try {
        context.setDefaultTimeout(WAIT_MS);
        const watch = await watchContext(context, new Set([origin, ...origins]));
        const page = await context.newPage();
        try {
          await page.goto(signedIn ? await consoleUnderTest.link({ path, ...input }) : origin + path);
          // The code is used up: the page must store the token before the test opens another address.
          if (signedIn) await page.getByRole('button', { name: SHELL.signOut }).waitFor();
          const open = async (address: string) => void (await page.goto(origin + address));
          const result = await act({ page, context, allow: watch.allow, found: watch.all, open });
          if (watch.findings().length > 0) throw new Error('the page did what it must not do');
          return result;
        } catch (error) {
          throw await described(error, page, watch.findings());
        }
      } finally {
        await context.close();
      }
    },
    async close() {
      await browser.close();
      await journey.close();
    },
  };
  return consoleUnderTest;
}

/** The error with what was found and what the page shows. */
async function described(error: unknown, page: Page, findings: readonly string[]): Promise<Error> {
  mkdirSync(PICTURES, { recursive: true });
  const picture = `${PICTURES}${Date.now()}.png`;
  const shown = await page
    .screenshot({ path: picture, fullPage: true })
    .then(() => picture)
    .catch((reason: unknown) => String(reason));
  const text = await page
    .locator('body')
    // biome-ignore lint/performance/useDomNodeTextContent: with its lines, as a person reads it
    .innerText({ timeout: 1_000 })
    .catch(() => '');
  return new Error(
    [
      `${page.url()} (${shown})`,
      ...findings.map((finding) => `found: ${finding}`),
      text.slice(0, 3_000),
    ].join('\n'),
    { cause: error },
  );
}

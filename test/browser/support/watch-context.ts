import type { BrowserContext } from 'playwright-core';

export interface ContextWatch {
  /** All findings, those that are expected included. */
  all(): readonly string[];
  /** What must not happen: an error in the console of a page, a violation of its policy, a request to another origin. */
  findings(): readonly string[];
  /** Findings with this text are expected by the test. */
  allow(pattern: RegExp): void;
}

/** Answers that are no success are errors in the browser's console. The tests see them on the screen. */
const FAILED_ANSWER = /^console error: Failed to load resource: the server responded with a status of/;

/** Records what happens on every page and frame of the context from now on. */
export async function watchContext(
  context: BrowserContext,
  origins: ReadonlySet<string>,
): Promise<ContextWatch> {
  const allowed: RegExp[] = [];
  const all: string[] = [];
  const report = (finding: string): void => {
    all.push(finding);
  };

  context.on('console', (message) => {
    if (message.type() === 'error') report(`console error: ${message.text()}`);
  });
  context.on('weberror', (error) => report(`uncaught: ${error.error().stack ?? error.error().message}`));
  context.on('request', (request) => {
    const { origin, href } = new URL(request.url());
    if (!origins.has(origin)) report(`request to another origin: ${href}`);
  });
  await context.exposeBinding('reportViolation', (_source, text: string) => report(text));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
      const { reportViolation } = window as unknown as { reportViolation: (text: string) => void };
      reportViolation(`policy violation: ${effectiveDirective} ${blockedURI} ${sample}`);
    });
  });

  return {
    all: () => all,
    findings: () =>
      all.filter((finding) => ![FAILED_ANSWER, ...allowed].some((pattern) => pattern.test(finding))),
    allow: (pattern) => void allowed.push(pattern),
  };
}

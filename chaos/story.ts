import type { Played } from './play.ts';
import type { Scenario } from './scenario.ts';

/** What happened, line by line, for a person who has to find out why. */
export function tellStory(scenario: Scenario, { history }: Played, violations: readonly string[]): string {
  return [
    ...violations.map((violation) => `BROKEN: ${violation}`),
    '',
    `const scenario: Scenario = ${JSON.stringify(scenario)};`,
    '',
    ...history.lines.map(({ at, text }) => `${formatTime(at - history.startedAt).padStart(14)}  ${text}`),
  ].join('\n');
}

/** The trace of a run: the same scenario gives the same, whichever way the code was loaded. */
export function traceOf({ history, remains }: Played): string {
  return JSON.stringify({ lines: history.lines, remains });
}

function formatTime(milliseconds: number): string {
  const seconds = (milliseconds / 1_000).toFixed(3);
  return `+${seconds} s`;
}

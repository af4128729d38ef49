import type { Played } from '../play.ts';
import type { Scenario } from '../scenario.ts';
import { checkAttempts } from './attempts.ts';
import { checkBatch, checkOpenCalls } from './batches.ts';
import { checkCalm } from './calm.ts';
import { describeLine, type Line, linesOf } from './deliveries.ts';
import { checkEnd } from './end.ts';
import { checkEvents } from './events.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import { checkOutcome } from './outcomes.ts';
import { checkPosts } from './posts.ts';
import { checkRecord } from './records.ts';
import { checkSystemEvents } from './system-events.ts';
import { checkTakeovers } from './takeovers.ts';
import { checkTimes } from './times.ts';
import { checkWebhooks } from './webhooks.ts';

/** What a run broke, in words; nothing when everything held. */
export function findViolations(scenario: Scenario, played: Played): string[] {
  const evidence = gatherEvidence(scenario, played);
  const lines = linesOf(evidence);
  return [
    ...checkEnd(evidence),
    ...checkEvents(evidence),
    ...checkKnownRecords(evidence, lines),
    ...lines.flatMap((line) =>
      [...checkLine(evidence, line)].map((text) => `${describeLine(line)}: ${text}`),
    ),
    ...checkPosts(evidence, lines),
    ...checkSystemEvents(evidence, lines),
    ...checkWebhooks(evidence, lines),
    ...checkOpenCalls(evidence),
    ...checkCalm(evidence, lines),
  ];
}

function* checkLine(evidence: Evidence, line: Line): Generator<string> {
  yield* checkAttempts(evidence, line);
  yield* checkBatch(evidence, line);
  yield* checkTimes(evidence, line);
  for (const delivery of line.deliveries) {
    yield* checkRecord(evidence, line, delivery);
    yield* checkTakeovers(evidence, delivery);
    if (line.isPromised) yield* checkOutcome(evidence, line, delivery);
  }
}

function* checkKnownRecords(evidence: Evidence, lines: readonly Line[]): Generator<string> {
  const known = new Set(lines.flatMap(({ deliveryIds }) => deliveryIds));
  for (const id of evidence.records.keys()) {
    if (!known.has(id)) yield `there is a record of ${id}, which is no delivery of any event`;
  }
}

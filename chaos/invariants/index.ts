import type { RunResult } from '../run-scenario.ts';
import type { Scenario } from '../scenario.ts';
import { checkAttempts } from './attempts.ts';
import { checkBatch, checkOpenCalls } from './batches.ts';
import { type DeliveryChain, describeChain, listChains } from './delivery-chains.ts';
import { checkEvents } from './events.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import { checkHealth } from './health.ts';
import { checkListener } from './listener.ts';
import { checkOutcome } from './outcomes.ts';
import { checkPosts } from './posts.ts';
import { checkRecord } from './records.ts';
import { checkRecoveries, checkRepeats } from './recoveries.ts';
import { checkRotations } from './rotations.ts';
import { checkEnd } from './run-end.ts';
import { checkSystemEvents } from './system-events.ts';
import { checkTakeovers } from './takeovers.ts';
import { checkTimes } from './times.ts';
import { checkWebhooks } from './webhooks.ts';
import { checkWithoutFaults } from './without-faults.ts';

/** Describes each invariant that the run violated. Empty if none was. */
export function findViolations(scenario: Scenario, result: RunResult): string[] {
  const evidence = gatherEvidence(scenario, result);
  const chains = listChains(evidence);
  return [
    ...checkEnd(evidence),
    ...checkEvents(evidence),
    ...checkKnownRecords(evidence, chains),
    ...chains.flatMap((chain) =>
      [...checkChain(evidence, chain)].map((text) => `${describeChain(chain)}: ${text}`),
    ),
    ...checkPosts(evidence, chains),
    ...checkRotations(evidence),
    ...checkRecoveries(evidence, chains),
    ...checkSystemEvents(evidence, chains),
    ...checkWebhooks(evidence, chains),
    ...checkHealth(evidence, chains),
    ...checkOpenCalls(evidence),
    ...checkListener(evidence),
    ...checkWithoutFaults(evidence, chains),
  ];
}

function* checkChain(evidence: Evidence, chain: DeliveryChain): Generator<string> {
  yield* checkAttempts(evidence, chain);
  yield* checkBatch(evidence, chain);
  yield* checkTimes(evidence, chain);
  yield* checkRepeats(chain);
  for (const delivery of chain.deliveries) {
    yield* checkRecord(evidence, chain, delivery);
    yield* checkTakeovers(evidence, delivery);
    if (chain.mustEnd) yield* checkOutcome(evidence, chain, delivery);
  }
}

function* checkKnownRecords(evidence: Evidence, chains: readonly DeliveryChain[]): Generator<string> {
  const known = new Set(chains.flatMap(({ deliveryIds }) => deliveryIds));
  for (const id of evidence.records.keys()) {
    if (!known.has(id)) yield `there is a record of ${id}, which is not a delivery of any event`;
  }
}

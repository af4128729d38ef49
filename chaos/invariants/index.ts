import type { Played } from '../play.ts';
import type { Scenario } from '../scenario.ts';
import { checkCalm } from './calm.ts';
import { checkDeliveries } from './deliveries.ts';
import { checkEvents } from './events.ts';
import { gatherEvidence } from './evidence.ts';
import { checkPosts } from './posts.ts';
import { checkRest } from './rest.ts';
import { checkWebhooks } from './webhooks.ts';

/** What a run broke, in words; nothing when all that must hold held. */
export function findViolations(scenario: Scenario, played: Played): string[] {
  const evidence = gatherEvidence(scenario, played);
  return [
    ...checkRest(evidence),
    ...checkEvents(evidence),
    ...checkDeliveries(evidence),
    ...checkPosts(evidence),
    ...checkWebhooks(evidence),
    ...checkCalm(evidence),
  ];
}

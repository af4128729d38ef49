import { textOf } from '../../lambdas/shared/store/items.ts';
import { urlOf } from '../customers.ts';
import type { Item } from '../history.ts';
import { isBroken } from './deliveries.ts';
import type { Evidence } from './evidence.ts';

/** Challenges do what they are for, and no webhook is left half. */
export function* checkWebhooks(evidence: Evidence): Generator<string> {
  for (const item of evidence.remains.webhooks) {
    const id = String(item.sk).slice('WEBHOOK#'.length);
    for (const problem of checkWebhook(evidence, id, item)) yield `webhook ${id}: ${problem}`;
  }
}

function* checkWebhook(evidence: Evidence, id: string, item: Item): Generator<string> {
  if (typeof item.created_at !== 'string' || typeof item.url !== 'string')
    return yield 'only half of it is there';
  const verifiedUrls = new Set([
    ...evidence.scenario.webhooks.flatMap(({ state }, index) => (state === 'pending' ? [] : [urlOf(index)])),
    ...evidence.history.posts.filter(isAnsweredChallenge).map(({ url }) => url),
  ]);
  const isOfCrowd = id.startsWith('wh_c');
  if (item.verified === true && !isOfCrowd && !verifiedUrls.has(item.url)) {
    yield `its URL ${item.url} is in force, and never answered a challenge`;
  }
  // Whoever damaged the item took its way to an end from it.
  if (isUnreadable(item) || isBroken(evidence, id)) return;
  const verificationId = textOf(item.verification_id);
  if (verificationId === undefined) {
    if (item.status === 'pending') yield 'it is pending, and no challenge is on its way';
    return;
  }
  const posts = evidence.history.posts.filter(({ eventId }) => eventId === verificationId);
  const deliveries = posts.map(({ deliveryId }) => deliveryId);
  if (evidence.poison.some((text) => text.includes(verificationId))) return;
  const answered = posts.some(isAnsweredChallenge);
  const isExcused = evidence.touchesOf(verificationId, id).length > 0;
  if (answered && (item.status === 'pending' || !isExcused))
    yield `it is ${item.status}, and its challenge was answered`;
  if (item.status === 'pending' && deliveries.length > 0) {
    yield 'it is pending, and its challenge failed for good';
  }
}

function isAnsweredChallenge({ headers, answer }: Evidence['history']['posts'][number]): boolean {
  return (
    headers['X-Webhook-Event'] === 'webhook.verification' &&
    (answer === 'ok' || answer === 'slow' || answer === 'crawl')
  );
}

function isUnreadable({ events }: Item): boolean {
  return !Array.isArray(events);
}
